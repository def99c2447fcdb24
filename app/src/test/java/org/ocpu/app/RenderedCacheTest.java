package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderedCacheTest {
    @TempDir
    Path directory;

    private static PackageRef version(String stamp) {
        return new PackageRef(Path.of("/library"), "hello", "apps/ada/hello", stamp);
    }

    private static Reading reading(String stamp, String format, Map<String, String> options) {
        return Reading.object(version(stamp), "x", new Output(Optional.of(format), options, false));
    }

    private static Rendered rendered(Content content) {
        return new Rendered(Optional.of("text/plain"), Optional.empty(), content, CacheState.MISS);
    }

    @Test
    void whatIsKeptIsFoundByAnEqualReadingOnly() {
        RenderedCache cache = new RenderedCache(directory, 10_000, 10_000);
        Reading reading = reading("1", "json", Map.of("digits", "2"));
        cache.keep(reading, rendered(new Content.InMemory(new byte[] {1, 2})));
        assertTrue(cache.get(reading("1", "json", Map.of("digits", "2"))).isPresent());
        assertFalse(cache.get(reading("2", "json", Map.of("digits", "2"))).isPresent(), "another version");
        assertFalse(cache.get(reading("1", "csv", Map.of("digits", "2"))).isPresent(), "another format");
        assertFalse(cache.get(reading("1", "json", Map.of())).isPresent(), "other options");
    }

    @Test
    void anEntityTagTellsVersionsFormatsAndSoftwareApart() {
        String tag = reading("1", "json", Map.of()).etag("R 4.2");
        assertEquals(tag, reading("1", "json", Map.of()).etag("R 4.2"));
        assertNotEquals(tag, reading("2", "json", Map.of()).etag("R 4.2"));
        assertNotEquals(tag, reading("1", "csv", Map.of()).etag("R 4.2"));
        assertNotEquals(tag, reading("1", "json", Map.of("a", "b")).etag("R 4.2"));
        assertNotEquals(tag, reading("1", "json", Map.of()).etag("R 4.3"));
    }

    @Test
    void aLargeValueIsKeptInAFileAndReadAgain() throws IOException {
        RenderedCache cache = new RenderedCache(directory, 10_000, 10_000);
        Path made = Files.write(directory.resolve("made"), new byte[] {1, 2, 3});
        Reading reading = reading("1", "json", Map.of());
        try (Content content = Content.OnDisk.open(made)) {
            cache.keep(reading, rendered(content), made);
        }
        assertFalse(Files.exists(made), "the file is the cache's now");
        for (int i = 0; i < 2; i++) {
            try (InputStream in = cache.get(reading).orElseThrow().content().stream()) {
                assertArrayEquals(new byte[] {1, 2, 3}, in.readAllBytes());
            }
        }
    }

    @Test
    void aFileThatIsGoneIsAsIfItHadNeverBeenKept() throws IOException {
        RenderedCache cache = new RenderedCache(directory, 10_000, 10_000);
        Path made = Files.write(directory.resolve("made"), new byte[] {1});
        Reading reading = reading("1", "json", Map.of());
        try (Content content = Content.OnDisk.open(made)) {
            cache.keep(reading, rendered(content), made);
        }
        Files.delete(directory.resolve("1"));
        assertTrue(cache.get(reading).isEmpty());
    }
}
