package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tarballs of source packages, read with another program's eyes: entry by entry. */
@Timeout(60)
class SourceArchiveTest {
    private static final String DESCRIPTION = "Package: stocks\nVersion: 1.0-1\nTitle: Prices\nLicense: MIT\n";

    @TempDir
    Path root;

    private BuildLogs logs;
    private BuildRun run;

    @BeforeEach
    void open() throws IOException {
        logs = new BuildLogs(Files.createDirectories(root.resolve("logs")), Runs.RULES);
        start("r/stocks", Deadline.in(Duration.ofMinutes(1)), new StopSignal());
        file("DESCRIPTION", DESCRIPTION);
    }

    @AfterEach
    void close() {
        logs.close();
    }

    private void start(String directory, Deadline deadline, StopSignal stop) throws IOException {
        Push push = GitFixture.push(
                new AppName("alice", "stocks"), directory, "refs/heads/main", Deliveries.COMMIT, RefPolicy.DEFAULT);
        Path work = Files.createDirectories(root.resolve("work"));
        run = new BuildRun(Runs.running(7, push), work, logs.open(7), deadline, stop);
        Files.createDirectories(run.packageDirectory());
    }

    private void file(String name, String text) throws IOException {
        Path file = run.packageDirectory().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    }

    private void link(String name, String target) throws IOException {
        Path link = run.packageDirectory().resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    private Optional<SourceArchive.Kept> made() {
        new BuildIgnore(run.packageDirectory()).call();
        return new SourceArchive(run, Description.read(run.packageDirectory())).call();
    }

    private SourceArchive.Kept kept() {
        return made().orElseThrow();
    }

    private static List<TarArchiveEntry> entries(Path archive, Map<String, String> texts) throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry);
                texts.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return entries;
    }

    /** What is in the tarball, by name. */
    private Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        entries(kept().file(), texts);
        return texts;
    }

    private String log() throws IOException {
        return Files.readString(run.log().file());
    }

    @Test
    void holdsWhatRCmdBuildWouldKeepInAStableOrder() throws IOException {
        file(".Rbuildignore", "^notes$\n");
        for (String name : List.of(
                "src/code.c",
                "src/code.o",
                "R/b.R",
                "R/a.R",
                "man/gr\u00fc\u00dfe.Rd",
                "vignettes/intro.Rmd",
                "inst/www/index.html",
                "notes/todo.txt",
                ".git/config",
                ".Rproj.user/x",
                "Meta/package.rds",
                "stocks_0.9.tar.gz",
                "inst/stocks_0.9.tar.gz",
                "inst/" + "d".repeat(60) + "/" + "f".repeat(90))) {
            file(name, "x\n");
        }
        Path configure = run.packageDirectory().resolve("configure");
        Files.writeString(configure, "#!/bin/sh\n");
        Files.setPosixFilePermissions(configure, PosixFilePermissions.fromString("rwxrwxrwx"));
        SourceArchive.Kept kept = kept();
        assertEquals("stocks_1.0-1.tar.gz", kept.about().file());
        List<TarArchiveEntry> entries = entries(kept.file(), new TreeMap<>());
        assertEquals(
                List.of(
                        "stocks/DESCRIPTION",
                        "stocks/R/a.R",
                        "stocks/R/b.R",
                        "stocks/configure",
                        "stocks/inst/" + "d".repeat(60) + "/" + "f".repeat(90),
                        "stocks/inst/stocks_0.9.tar.gz",
                        "stocks/inst/www/index.html",
                        "stocks/man/gr\u00fc\u00dfe.Rd",
                        "stocks/src/code.c",
                        "stocks/vignettes/intro.Rmd"),
                entries.stream().map(TarArchiveEntry::getName).toList());
        for (TarArchiveEntry entry : entries) {
            assertTrue(entry.isFile());
            assertEquals(entry.getName().endsWith("configure") ? 0755 : 0644, entry.getMode() & 07777);
            assertEquals(
                    "/0/0",
                    entry.getUserName() + entry.getGroupName() + "/" + entry.getLongUserId() + "/"
                            + entry.getLongGroupId());
        }
    }

    @Test
    void theSameBuildMakesTheSameBytesWithThisMd5() throws Exception {
        file("R/a.R", "a <- 1\n");
        SourceArchive.Kept kept = kept();
        byte[] bytes = Files.readAllBytes(kept.file());
        byte[] md5 = MessageDigest.getInstance("MD5").digest(bytes);
        assertEquals(HexFormat.of().formatHex(md5), kept.about().fields().get("MD5sum"));
        Path library = Files.createDirectories(run.library());
        kept.moveTo(library);
        assertArrayEquals(bytes, Files.readAllBytes(kept().file()));
    }

    @Test
    void descriptionSaysWhenItWasPackedInPlaceOfWhatItSaidBefore() throws IOException {
        List<String> before = List.of(
                "Package: stocks",
                "Packaged: 2001-01-01 00:00:00 UTC;",
                "  someone",
                "Version: 1.0",
                "Title: Gr\u00fc\u00dfe",
                "Encoding: latin1",
                "NeedsCompilation: yes",
                "",
                "");
        file("DESCRIPTION", String.join("\r\n", before));
        String queued = run.build().times().queued().toString();
        assertEquals(
                List.of(
                        "Package: stocks",
                        "Version: 1.0",
                        "Title: Gr\u00fc\u00dfe",
                        "Encoding: latin1",
                        "NeedsCompilation: no",
                        "Packaged: " + queued.substring(0, 19).replace('T', ' ') + " UTC; ocpu"),
                texts().get("stocks/DESCRIPTION").lines().toList());
    }

    @Test
    void tellsTheFieldsOfAnIndex() throws IOException {
        file(
                "DESCRIPTION",
                DESCRIPTION
                        + "Imports: stats,\n    utils (>= 4.0)\nDepends: R (>= 3.5)\nOS_type: unix\nSuggests:\nURL: x\n");
        file("src/code.c", "");
        assertEquals(
                "{Package=stocks, Version=1.0-1, Depends=R (>= 3.5), Imports=stats, utils (>= 4.0), License=MIT,"
                        + " OS_type=unix, MD5sum=?, NeedsCompilation=yes}",
                kept().about().fields().toString().replaceFirst("[0-9a-f]{32}", "?"));
    }

    @Test
    void linksBecomeWhatTheyLeadTo() throws IOException {
        Path shared = Files.createDirectories(run.source().resolve("shared"));
        Files.writeString(shared.resolve("common.R"), "common");
        file("R/a.R", "a");
        link("R/b.R", "a.R");
        link("R/c.R", "../../../shared/common.R");
        link("inst/all", "../../../shared");
        link("inst/nowhere", "none");
        Map<String, String> texts = texts();
        assertEquals("a", texts.get("stocks/R/b.R"));
        assertEquals("common", texts.get("stocks/R/c.R"));
        assertEquals("common", texts.get("stocks/inst/all/common.R"));
        assertFalse(texts.containsKey("stocks/inst/nowhere"));
    }

    @Test
    void linksInACircleAreNotKept() throws IOException {
        link("inst/again", "..");
        assertEquals(Optional.empty(), made());
        assertTrue(log().contains("no source package is kept: it has links that lead in a circle"), log());
    }

    @Test
    void linksThatMakeManyFilesOfFewAreNotKept() throws IOException {
        file("inst/d0/x", "x");
        for (int level = 1; level < 40; level++) {
            link("inst/d" + level + "/a", "../d" + (level - 1));
            link("inst/d" + level + "/b", "../d" + (level - 1));
        }
        assertEquals(Optional.empty(), made());
        assertTrue(log().contains("more than 50000 files"), log());
    }

    @Test
    void whatIsTooLargeIsNotKept() throws IOException {
        file("inst/large", "");
        try (RandomAccessFile large = new RandomAccessFile(
                run.packageDirectory().resolve("inst/large").toFile(), "rw")) {
            large.setLength(100L << 20);
        }
        assertEquals(Optional.empty(), made());
        assertTrue(log().contains("no source package is kept: its files have more than 100 MB"), log());
        assertFalse(Files.exists(run.work().resolve("stocks_1.0-1.tar.gz")));
    }

    @Test
    void anEndlessFieldIsNotIndexed() throws IOException {
        file("DESCRIPTION", DESCRIPTION + "Imports: " + "stats, ".repeat(2_000) + "utils\n");
        assertEquals(Optional.empty(), made());
        assertTrue(log().contains("Imports has more than 10000 characters"), log());
    }

    @Test
    void aBuildWhoseTimeIsOverFails() throws IOException {
        start("r/stocks", Deadline.in(Duration.ZERO), new StopSignal());
        assertThrows(BuildFailure.class, this::made);
    }
}
