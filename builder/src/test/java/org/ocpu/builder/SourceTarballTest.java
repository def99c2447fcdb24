package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.app.RSystem;

class SourceTarballTest {
    private static final IndexEntry ENTRY =
            new IndexEntry("stocks", "1.0", Optional.empty(), URI.create("http://127.0.0.1/src/contrib"), List.of());
    private static final RSystem R =
            new RSystem("4.2.2", "x86_64-pc-linux-gnu", "R", Path.of("/"), Path.of("R"), List.of());
    private static final String ABOUT = "Package: stocks\nVersion: 1.0\nImports: one,\n    two\n";

    @TempDir
    Path root;

    private Path file;

    @BeforeEach
    void place() {
        file = root.resolve("stocks_1.0.tar.gz");
    }

    /** Writes entries of an archive. */
    @FunctionalInterface
    private interface Entries {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    @Test
    void readsASourcePackage() throws IOException {
        SourceTarball source = read(tar -> {
            directory(tar, "stocks/");
            add(tar, "stocks/DESCRIPTION", ABOUT);
            add(tar, "stocks/R/stocks.R", "answer <- function() 42");
            add(tar, "stocks/inst/" + "long/".repeat(60) + "name", "x");
            add(tar, "stocks/inst/größe", "x");
        });
        assertEquals(Map.of("Package", "stocks", "Version", "1.0", "Imports", "one, two"), source.fields());
        assertFalse(source.built());
        assertEquals(Optional.empty(), source.unfit());
    }

    @Test
    void readsWhatTarMakesOfTheDirectoryHere() throws IOException {
        assertFalse(read(tar -> {
                    directory(tar, "./");
                    directory(tar, "./stocks/");
                    add(tar, "./stocks/DESCRIPTION", ABOUT);
                })
                .built());
    }

    @ParameterizedTest
    @CsvSource({
        "R 4.2.2; x86_64-pc-linux-gnu; 2024-01-01 12:00:00 UTC; unix, ",
        "R 4.2.0; ; 2024-01-01 12:00:00 UTC; unix, ",
        "R 4.3.0; ; 2024-01-01 12:00:00 UTC; unix, 'it was built for R 4.3.0, this is R 4.2.2'",
        "R 4.20.1; ; 2024-01-01 12:00:00 UTC; unix, 'it was built for R 4.20.1, this is R 4.2.2'",
        "R 4.2.2; aarch64-unknown-linux-gnu; 2024; unix, 'it was built for aarch64-unknown-linux-gnu, this is x86_64-pc-linux-gnu'",
        "R 4.2.2; ; 2024-01-01; windows, 'it was built for windows, this is unix'",
        "yesterday, it does not tell what it was built for: yesterday"
    })
    void tellsWhetherABuiltPackageIsForThisR(String built, String why) throws IOException {
        SourceTarball binary = read(tar -> add(tar, "stocks/DESCRIPTION", ABOUT + "Built: " + built + "\n"));
        assertTrue(binary.built());
        assertEquals(Optional.ofNullable(why), binary.unfit());
    }

    @Test
    void refusesAnotherPackageOrVersionThanTheIndexSays() {
        assertEquals(
                "stocks 1.0: its file holds bonds 1.0",
                refused(tar -> add(tar, "stocks/DESCRIPTION", "Package: bonds\nVersion: 1.0\n")));
        assertEquals(
                "stocks 1.0: its file holds stocks 1.1",
                refused(tar -> add(tar, "stocks/DESCRIPTION", "Package: stocks\nVersion: 1.1\n")));
        assertEquals(
                "stocks 1.0: its file holds stocks 1.1",
                refused(tar -> {
                    add(tar, "stocks/DESCRIPTION", ABOUT);
                    add(tar, "stocks/DESCRIPTION", "Package: stocks\nVersion: 1.1\n");
                }),
                "the last one is what is unpacked");
        refused("it has no stocks/DESCRIPTION", tar -> add(tar, "stocks/R/a.R", "1"));
        refused("it has no stocks/DESCRIPTION", tar -> add(tar, "stocks/inst/DESCRIPTION", ABOUT));
        refused("it has no stocks/DESCRIPTION", tar -> {});
        refused("its DESCRIPTION is no file", tar -> {
            add(tar, "stocks/about", ABOUT);
            symbolic(tar, "stocks/DESCRIPTION", "about");
        });
        refused("DESCRIPTION is larger than 1 MB", tar -> add(tar, "stocks/DESCRIPTION", "#".repeat(2 << 20)));
        refused("neither a field nor continues one", tar -> add(tar, "stocks/DESCRIPTION", "what is this\n"));
    }

    @Test
    void refusesWhatIsNoTarArchiveCompressedWithGzip() throws IOException {
        Files.writeString(file, "<html><body>Not the file</body></html>");
        damaged("Not in GZIP format");
        Files.write(file, new byte[0]);
        damaged("");
        gzip("<html><body>Not the file, for its lines are many</body></html>\n".repeat(100));
        damaged("");
        gzip("short");
        assertTrue(assertThrows(BuildFailure.class, this::read).getMessage().contains("it has no stocks/DESCRIPTION"));
    }

    @Test
    void refusesAFileThatIsTruncatedAnywhere() throws IOException {
        write(tar -> {
            add(tar, "stocks/DESCRIPTION", ABOUT);
            add(tar, "stocks/R/stocks.R", "answer <- function() 42");
        });
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            damaged("");
        }
    }

    @Test
    void refusesAnArchiveThatWasTruncatedBeforeItWasCompressed() throws IOException {
        write(tar -> add(tar, "stocks/DESCRIPTION", ABOUT));
        byte[] archive;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            archive = in.readAllBytes();
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(archive, 0, 530);
        }
        damaged("Truncated TAR archive");
    }

    @Test
    void refusesAFileWithAWrongChecksum() throws IOException {
        write(tar -> add(tar, "stocks/DESCRIPTION", ABOUT));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 6] ^= 1;
        Files.write(file, bytes);
        damaged("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../stocks/a",
                "stocks/../../a",
                "stocks/..",
                "stocks/R/../../../a",
                "bonds/a",
                "stocksandbonds/a",
                "a",
                "./../stocks/a",
                "stocks\\..\\a",
                "//stocks/a",
            })
    void refusesWhatIsNotInThePackagesDirectory(String path) {
        refused(path + " is not in stocks/", tar -> {
            add(tar, "stocks/DESCRIPTION", ABOUT);
            add(tar, path, "x");
        });
        refused(" is not in stocks/", tar -> directory(tar, path + "/"));
        refused(" is not in stocks/", tar -> symbolic(tar, path, "a"));
    }

    @ParameterizedTest
    @CsvSource({
        "stocks/a, /etc/passwd",
        "stocks/a, ../a",
        "stocks/a, ..",
        "stocks/R/a, ../../a",
        "stocks/R/a, ../R/../../a",
        "stocks/R/a, b/../../../a",
        "stocks/R/a, ./../.././a",
        "stocks/a, R/..",
    })
    void refusesSymbolicLinksThatLeadOut(String path, String target) {
        refused("the link %s may lead out of stocks/: %s".formatted(path, target), tar -> {
            add(tar, "stocks/DESCRIPTION", ABOUT);
            symbolic(tar, path, target);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "stocks/a, b",
        "stocks/R/a, ../inst/b",
        "stocks/R/unix/a, ../../DESCRIPTION",
        "stocks/libs/stocks.so, stocks.so.1",
        "stocks/R/a, ..",
    })
    void allowsSymbolicLinksThatStay(String path, String target) throws IOException {
        assertFalse(read(tar -> {
                    add(tar, "stocks/DESCRIPTION", ABOUT);
                    symbolic(tar, path, target);
                })
                .built());
    }

    @Test
    void refusesToGoThroughLinks() {
        refused("stocks/deep/up/a is within a link", tar -> {
            symbolic(tar, "stocks/deep/up", "..");
            symbolic(tar, "stocks/deep/up/a", "../../a");
        });
        refused("stocks/up/a is within a link", tar -> {
            symbolic(tar, "stocks/up", "R");
            add(tar, "stocks/up/a", "x");
        });
        refused("the link stocks/R is a directory, too", tar -> {
            add(tar, "stocks/R/a", "x");
            symbolic(tar, "stocks/R", "inst");
        });
        refused("stocks is not a directory", tar -> symbolic(tar, "stocks", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../a", "stocks/../../a", "a", "bonds/a"})
    void refusesHardLinksThatLeadOut(String target) {
        refused(target + " is not in stocks/", tar -> hard(tar, "stocks/a", target));
    }

    @Test
    void refusesHardLinksToLinksAndAllowsThoseToFiles() throws IOException {
        refused("the link stocks/a is one to a link: stocks/R/up", tar -> {
            symbolic(tar, "stocks/R/up", "..");
            hard(tar, "stocks/a", "stocks/R/up");
        });
        read(tar -> {
            add(tar, "stocks/DESCRIPTION", ABOUT);
            hard(tar, "stocks/about", "stocks/DESCRIPTION");
        });
    }

    @Test
    void refusesDevicesPipesAndWhatIsUnknown() {
        refused("stocks/a is a device", tar -> special(tar, TarConstants.LF_CHR));
        refused("stocks/a is a device", tar -> special(tar, TarConstants.LF_BLK));
        refused("stocks/a is a pipe", tar -> special(tar, TarConstants.LF_FIFO));
        refused("stocks/a is no file, directory or link (type 77)", tar -> special(tar, (byte) 'M'));
    }

    @Test
    void refusesMoreEntriesThanAnyPackageHas() {
        refused("it has more than 200000 entries", tar -> {
            add(tar, "stocks/DESCRIPTION", ABOUT);
            for (int i = 0; i < 200_000; i++) {
                add(tar, "stocks/" + i, "");
            }
        });
        refused("it has more than 20000 directories", tar -> {
            for (int i = 0; i < 20_001; i++) {
                directory(tar, "stocks/" + i + "/");
            }
        });
        refused("a name is longer than 1000 characters", tar -> add(tar, "stocks/" + "a".repeat(1_000), ""));
    }

    @Test
    void refusesAFileThatUnpacksToFarMoreThanItIs() {
        refused("it holds more than 256 MB", tar -> {
            add(tar, "stocks/DESCRIPTION", ABOUT);
            zeros(tar, "stocks/a", 300 << 20);
        });
    }

    @Test
    void refusesNamesThatWouldFillTheMemory() {
        refused("the names of an entry are too long", tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
            zeros(tar, entry, 100 << 20);
        });
    }

    @Test
    void refusesSparseFilesWhoseHolesAreFree() throws IOException {
        write(tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("stocks/a", TarConstants.LF_GNUTYPE_SPARSE);
            entry.setSize(0);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        });
        String reason = assertThrows(BuildFailure.class, this::read).getMessage();
        assertTrue(reason.contains("stocks/a is a sparse file"), reason);
    }

    @Test
    void boundsAreAsWritten() {
        TarballReader.Bounds usual = TarballReader.Bounds.USUAL;
        assertEquals(256L << 20, usual.bytesOf(1_000));
        assertEquals(2_000L << 20, usual.bytesOf(10 << 20));
        assertEquals(4L << 30, usual.bytesOf(1L << 30));
    }

    private SourceTarball read() {
        return SourceTarball.read(file, ENTRY, R);
    }

    private SourceTarball read(Entries entries) throws IOException {
        write(entries);
        return read();
    }

    private String refused(Entries entries) {
        return assertThrows(BuildFailure.class, () -> read(entries)).getMessage();
    }

    private void refused(String part, Entries entries) {
        String reason = refused(entries);
        assertTrue(reason.contains(part), () -> part + " is not in: " + reason);
    }

    private void damaged(String part) {
        String reason = assertThrows(BuildFailure.class, this::read).getMessage();
        assertTrue(
                reason.startsWith("stocks 1.0: its file is damaged or no tar archive compressed with gzip: " + part),
                reason);
    }

    private void gzip(String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void write(Entries entries) throws IOException {
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file), 64 << 10);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            entries.write(tar);
        }
    }

    private static void add(TarArchiveOutputStream tar, String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(path, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void directory(TarArchiveOutputStream tar, String path) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(path, TarConstants.LF_DIR, true));
        tar.closeArchiveEntry();
    }

    private static void symbolic(TarArchiveOutputStream tar, String path, String target) throws IOException {
        link(tar, path, target, TarConstants.LF_SYMLINK);
    }

    private static void hard(TarArchiveOutputStream tar, String path, String target) throws IOException {
        link(tar, path, target, TarConstants.LF_LINK);
    }

    private static void link(TarArchiveOutputStream tar, String path, String target, byte type) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, type, true);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void special(TarArchiveOutputStream tar, byte type) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry("stocks/a", type));
        tar.closeArchiveEntry();
    }

    private static void zeros(TarArchiveOutputStream tar, String path, int size) throws IOException {
        zeros(tar, new TarArchiveEntry(path), size);
    }

    private static void zeros(TarArchiveOutputStream tar, TarArchiveEntry entry, int size) throws IOException {
        entry.setSize(size);
        tar.putArchiveEntry(entry);
        byte[] piece = new byte[1 << 20];
        for (int written = 0; written < size; written += piece.length) {
            tar.write(piece);
        }
        tar.closeArchiveEntry();
    }
}
