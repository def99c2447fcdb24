package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCacheTest {
    @TempDir
    Path root;

    @Test
    void forgetsWhatWasNotUsedForLongestButNotWhatABuildOrAnAppHas() throws IOException {
        Path trash = Files.createDirectories(root.resolve("trash"));
        PackageCache cache = new PackageCache(root.resolve("cache"), trash, 150, Duration.ofMinutes(1));
        Path oldest = cache.keep("one", "1.0", library("one"));
        Path older = cache.keep("two", "1.0", library("two"));
        Path used = cache.keep("three", "1.0", library("three"));
        Path app = Files.createDirectories(root.resolve("app"));
        PackageCache.put(oldest, app);
        Files.setLastModifiedTime(oldest, FileTime.from(Instant.now().minusSeconds(7_200)));
        Files.setLastModifiedTime(older, FileTime.from(Instant.now().minusSeconds(3_600)));
        cache.shrink();

        assertFalse(Files.exists(oldest) || Files.exists(older));
        assertTrue(Files.exists(used));
        assertEquals(100, Files.size(app.resolve("one/DESCRIPTION")));
        assertTrue(cache.find("one", "1.0").isEmpty());
    }

    @Test
    void keepsTheFirstOfTwoThatWereInstalledAtTheSameTime() throws IOException {
        PackageCache cache = new PackageCache(root.resolve("cache"), root, 1_000, Duration.ofMinutes(1));
        assertEquals(cache.keep("one", "1.0", library("one")), cache.keep("one", "1.0", library("one")));
    }

    private Path library(String name) throws IOException {
        Path library = Files.createTempDirectory(root, "library");
        Files.write(Files.createDirectory(library.resolve(name)).resolve("DESCRIPTION"), new byte[100]);
        return library;
    }
}
