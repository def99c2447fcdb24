package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobalPackagesTest {
    @TempDir
    Path root;

    private Path site;
    private Path base;
    private GlobalPackages packages;

    @BeforeEach
    void open() throws IOException {
        site = Files.createDirectory(root.resolve("site"));
        base = Files.createDirectory(root.resolve("base"));
        packages = new GlobalPackages(List.of(site, base, root.resolve("none")));
    }

    @Test
    void knowsWhatIsThereAndTheFirstLibraryCounts() throws IOException {
        write(site, "stocks", "Package: stocks\nVersion: 2.0\n");
        write(base, "stocks", "Package: stocks\nVersion: 1.0\n");
        write(base, "stats", "Package: stats\nVersion: 4.2.2\n");
        Files.createDirectory(base.resolve("empty"));
        Files.writeString(base.resolve("README"), "no package");
        assertEquals(Map.of("stocks", "2.0", "stats", "4.2.2"), packages.versions());
    }

    @Test
    void seesWhatOthersUpdateAddAndRemove() throws IOException {
        Path stocks = write(site, "stocks", "Package: stocks\nVersion: 1.0\n");
        write(site, "gone", "Package: gone\nVersion: 1.0\n");
        assertEquals(Map.of("stocks", "1.0", "gone", "1.0"), packages.versions());

        FileTime before = Files.getLastModifiedTime(stocks);
        Path next = Files.writeString(root.resolve("next"), "Package: stocks\nVersion: 1.1\n");
        Files.setLastModifiedTime(next, before); // as installers of system packages do
        Files.move(next, stocks, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(site.resolve("gone/DESCRIPTION"));
        write(base, "fresh", "Package: fresh\nVersion: 3.0\n");
        assertEquals(Map.of("stocks", "1.1", "fresh", "3.0"), packages.versions());
        assertEquals(Map.of("stocks", "1.1", "fresh", "3.0"), packages.versions(), "also when nothing has changed");
    }

    @Test
    void doesNotStumbleOverBrokenPackages() throws IOException {
        write(site, "stocks", "Package: stocks\nVersion: 1.0\n");
        write(site, "broken", "this is no DESCRIPTION\n");
        write(site, "bare", "Package: bare\n");
        Files.createDirectories(site.resolve("odd/DESCRIPTION"));
        Path elsewhere = Files.writeString(root.resolve("elsewhere"), "Package: linked\nVersion: 1.2\n");
        Files.createSymbolicLink(Files.createDirectory(site.resolve("linked")).resolve("DESCRIPTION"), elsewhere);
        assertEquals(Map.of("stocks", "1.0", "linked", "1.2"), packages.versions());
    }

    private static Path write(Path library, String name, String description) throws IOException {
        Path directory = Files.createDirectories(library.resolve(name));
        return Files.writeString(directory.resolve("DESCRIPTION"), description);
    }
}
