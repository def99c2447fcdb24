package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.app.RSystem;

/** Packages as R itself makes them. */
class SourceTarballIT {
    private static final RSystem R = RSystem.ask();

    @TempDir
    Path root;

    private CranServer cran;

    @BeforeEach
    void serve() throws IOException {
        cran = new CranServer(root.resolve("cran"));
    }

    @AfterEach
    void close() {
        cran.close();
    }

    @Test
    void tellsSourcePackagesFromThoseBuiltForThisR() throws IOException {
        List<Map<String, String>> packages = List.of(
                RPackage.compiled("chaina", "1.0", 42),
                RPackage.needing("chainb", "1.1", "Imports: chaina", "chaina::answer()"));
        cran.addAll(packages);
        cran.addBuilt(packages);
        for (String version : List.of("chaina 1.0", "chainb 1.1")) {
            SourceTarball source = read(version, cran.url());
            assertFalse(source.built());
            assertTrue(source.fields().containsKey("Packaged"), source::toString);
            SourceTarball built = read(version, cran.binaries());
            assertTrue(built.built());
            assertEquals(Optional.empty(), built.unfit());
        }
        assertEquals("chaina", read("chainb 1.1", cran.binaries()).fields().get("Imports"));
        assertEquals(1, cran.web().count(CranServer.path("chaina", "1.0"), 200));
        assertEquals(1, cran.web().count("/binaries" + CranServer.path("chaina", "1.0"), 200));
    }

    /** Of the server rather than of the class under test: what the tests of syncs rely on. */
    @Test
    void theServerHasTheNewestVersionInItsIndexAndTheOthersInItsArchive() throws IOException {
        cran.addAll(List.of(RPackage.answering("gone", "1.0", "1"), RPackage.answering("stays", "1.0", "1")));
        cran.addAll(List.of(RPackage.answering("stays", "2.0", "2")));
        cran.withdraw("gone");
        assertEquals(
                "stays 2.0",
                Rscript.run("p <- available.packages(repos = '%s'); cat(p[, 'Package'], p[, 'Version'])"
                        .formatted(cran.url())));
        assertEquals(2, Disk.list(cran.file("/src/contrib/Archive")).size());
    }

    private SourceTarball read(String version, URI repository) {
        String[] parts = version.split(" ");
        IndexEntry entry = new IndexEntry(
                parts[0], parts[1], Optional.empty(), URI.create(repository + "/src/contrib"), List.of());
        Downloads downloads = new Downloads(root.resolve("downloads"), "test");
        Path file = downloads.get(entry, Long.MAX_VALUE, (bytes, size) -> {}, new StopSignal());
        return SourceTarball.read(file, entry, R);
    }
}
