package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageIndexTest {
    private static final URI CRAN = URI.create("https://cran.example/");

    @Test
    void readsWhatMattersOfAPackage() throws IOException {
        IndexEntry entry = read("""
                        Package: zoo
                        Version: 1.8-12
                        Priority: optional
                        Depends: R (>= 3.1.0), stats
                        Imports: utils,
                                graphics (>= 3.0),lattice ( >= 0.20-27 )
                        LinkingTo: Rcpp
                        Suggests: AER
                        License: GPL-2 | GPL-3
                        MD5sum: 5C2A2F0F4E9B4C0E8A7C4A5B6D7E8F90
                        NeedsCompilation: yes

                        """).versions("zoo").get(0);
        assertEquals("1.8-12", entry.version());
        assertEquals(Optional.of("5c2a2f0f4e9b4c0e8a7c4a5b6d7e8f90"), entry.md5());
        assertEquals(URI.create("https://cran.example/src/contrib/zoo_1.8-12.tar.gz"), entry.file());
        assertEquals(
                List.of("R >= 3.1.0", "stats", "utils", "graphics >= 3.0", "lattice >= 0.20-27", "Rcpp"),
                entry.needs().stream().map(Requirement::toString).toList());
    }

    @Test
    void findsTheFilesOfAPath() throws IOException {
        PackageIndex index = read("""
                Package: mgcv
                Version: 1.9-1
                Path: 4.3.0/Recommended

                Package: mgcv\r
                Version: 1.9-0\r
                \r
                """);
        assertEquals(2, index.versions("mgcv").size());
        assertEquals(
                URI.create("https://cran.example/src/contrib/4.3.0/Recommended/mgcv_1.9-1.tar.gz"),
                index.find("mgcv", "1.9-1").orElseThrow().file());
    }

    @Test
    void leavesOutWhatIsForWindowsOrPartOfR() throws IOException {
        PackageIndex index = read("""
                Package: winr
                Version: 1.0
                OS_type: windows

                Package: stats
                Version: 4.2.2
                Priority: base

                Package: unixr
                Version: 1.0
                OS_type: unix
                """);
        assertEquals(List.of("unixr"), List.copyOf(index.names()));
        assertTrue(index.notes().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Package: ../evil\nVersion: 1.0",
                "Package: e/vil\nVersion: 1.0",
                "Package: evil\nVersion: 1.0/../..",
                "Package: evil\nVersion: one",
                "Package: evil\nVersion: 1.9999999999999999999",
                "Package: evil",
                "Package: evil\nVersion: 1.0\nPath: ../../etc",
                "Package: evil\nVersion: 1.0\nPath: a/../b",
                "Package: evil\nVersion: 1.0\nPath: /etc",
                "Package: evil\nVersion: 1.0\nPath: a b",
                "Package: evil\nVersion: 1.0\nMD5sum: none",
                "Version: 1.0"
            })
    void refusesAnEntryThatIsNotValidAndSaysSo(String entry) throws IOException {
        PackageIndex index = read(entry + "\n\nPackage: good\nVersion: 1.0\n");
        assertEquals(List.of("good"), List.copyOf(index.names()));
        assertEquals(1, index.notes().size(), index.notes()::toString);
    }

    @Test
    void saysOnlySoMuchOfAnIndexThatIsAllWrong() throws IOException {
        PackageIndex index = read("Package: evil\nVersion: x\n\n".repeat(5_000) + "Package: good\nVersion: 1.0\n");
        assertEquals(21, index.notes().size());
        assertEquals("... and 4980 more", index.notes().get(20));
    }

    @Test
    void livesWithRequirementsItDoesNotUnderstand() throws IOException {
        PackageIndex index = read("""
                Package: odd
                Version: 1.0
                Depends: R (>= r12345), ok (~> 1), dots (>= .), &%, , R (soon)
                Imports: fine (>= 2)
                """);
        assertEquals(
                List.of("ok", "dots", "fine >= 2"),
                index.versions("odd").get(0).needs().stream()
                        .map(Requirement::toString)
                        .toList());
        assertEquals(4, index.notes().size(), index.notes()::toString);
        assertFalse(index.notes().toString().contains("r12345"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "<!DOCTYPE html>\n<html><body>Welcome</body></html>",
                "<a href=\"x:y\">",
                "Error: no such thing",
                "Package: zoo\nVersion 1.0\n",
                "no index"
            })
    void refusesWhatIsNoIndex(String text) {
        assertThrows(BuildFailure.class, () -> read(text));
    }

    @Test
    void refusesWhatIsTooLarge() {
        String line = "X".repeat(2 << 20);
        assertThrows(BuildFailure.class, () -> read("Package: zoo\nVersion: 1.0\nTitle: " + line));
        byte[] many = "Package: zoo\n\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThrows(BuildFailure.class, () -> PackageIndex.read(CRAN, new ByteArrayInputStream(many), 1 << 20));
    }

    @Test
    void readsLinesAcrossItsBuffers() throws IOException {
        String title = "t".repeat(200_000);
        PackageIndex index = read("Package: one\nTitle: %s\nVersion: 1.0\n\nPackage: two\nVersion: 2.%s"
                .formatted(title, "0.".repeat(10) + "1"));
        assertEquals(List.of("one", "two"), List.copyOf(index.names()));
    }

    private static PackageIndex read(String text) throws IOException {
        return PackageIndex.read(CRAN, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 100 << 20);
    }
}
