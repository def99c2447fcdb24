package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/** What runs of syncs make of repositories, packages and clocks that are not as they should be. */
class SyncTroubleIT extends SyncFixture {
    @Test
    void aRepositoryThatIsDownLeavesAllAsItIs() throws Exception {
        offer("1.0", 1, "one");
        keep("one");
        succeeded(run());
        mail();
        offer("2.0", 2, "one");
        cran.web().down();
        SyncRunView down = failed(run());
        assertTrue(down.problem().orElseThrow().startsWith(cran.url() + INDEX + ": no connection"), down::toString);
        assertEquals("1", answers("one"));
        String mail = mail();
        assertTrue(mail.contains("[ocpu] sync cran: could not begin") && mail.contains("no connection"), mail);
        cran.web().up();
        assertEquals(1, succeeded(run()).updated());
        assertEquals("2", answers("one"));
    }

    @Test
    void anIndexThatIsNoneLeavesAllAsItIs() throws Exception {
        offer("1.0", 1, "one", "two");
        keep("all", "sync.cran.prune", "true");
        succeeded(run());
        offer("2.0", 2, "one");
        Path index = cran.file(INDEX);
        byte[] whole = Files.readAllBytes(index);
        Files.write(index, Arrays.copyOf(whole, whole.length / 2));
        assertTrue(problem().endsWith("the file is cut off"));
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, 20, 60, (byte) 0x55);
        Files.write(index, damaged);
        assertTrue(problem().startsWith(cran.url() + INDEX + ": the file "));
        Files.writeString(index, "<html>Please log in</html>");
        assertTrue(problem().contains("this is not an index of packages"));
        Files.write(index, new byte[0]);
        assertTrue(problem().contains("it is empty"));
        assertEquals("1 1", answers("one", "two"));
        Files.write(index, whole);
        assertEquals(1, succeeded(run()).updated());
        assertEquals("2 1", answers("one", "two"));
    }

    private String problem() throws Exception {
        return failed(run()).problem().orElseThrow();
    }

    @Test
    void aDownloadThatStallsCanBeCancelledAndGoesOnWhereItEnded() throws Exception {
        Map<String, String> large = RPackage.answering("large", "1.0", "1");
        large.put("inst/noise.txt", noise(60_000));
        cran.addAll(List.of(large));
        cran.web().trouble(INDEX, FileServer.Trouble.slow(100));
        keep("large");
        String path = CranServer.path("large", "1.0");
        cran.web().trouble(path, FileServer.Trouble.stallAfter(20_000));
        long run = builds.syncs().run("cran").id();
        cran.web().awaitStall();
        awaitPart(20_000);
        builds.syncs().cancel(run);
        assertEquals(SyncRunState.STOPPED, ended(run).state());
        assertEquals(Map.of(), live());
        cran.web().noTrouble(path);
        succeeded(run());
        assertEquals(
                1, cran.web().count(path, 206), () -> "requests: " + cran.web().requests());
        assertEquals("1", answers("large"));
    }

    /** Waits until so much of a file is there. */
    private void awaitPart(long length) throws IOException {
        boolean there = false;
        while (!there) {
            for (Path part : Disk.list(data().resolve("cran/downloads/cran"))) {
                there |= Files.size(part) == length;
            }
            Thread.onSpinWait();
        }
    }

    /** What does not get smaller when it is compressed. */
    private static String noise(int length) {
        Random random = new Random(1);
        StringBuilder noise = new StringBuilder();
        random.ints(length, ' ', '~').forEach(c -> noise.append((char) c));
        return noise.toString();
    }

    @Test
    void aFileWithAnotherMd5IsNotInstalled() throws Exception {
        offer("1.0", 1, "good", "bad");
        keep("good bad");
        String path = CranServer.path("bad", "1.0");
        cran.web().trouble(path, FileServer.Trouble.wrongBytes());
        SyncRunView run = failed(run());
        assertTrue(reason(run, "bad").contains("has another MD5"), () -> told(run.id()));
        assertTrue(reason(run, "bad").contains(cran.url() + path), () -> told(run.id()));
        assertEquals(Map.of("good", "1.0"), live());
        assertEquals(List.of(), kept());
        cran.web().noTrouble(path);
        assertEquals(1, succeeded(run()).added());
        assertEquals("1 1", answers("good", "bad"));
    }

    @Test
    void aTarballThatLeadsOutOfItselfIsNotUnpacked() throws Exception {
        Path target = Files.writeString(root.resolve("target"), "as it was");
        offer("1.0", 1, "good");
        cran.addFile("upwards", "1.0", tarball("upwards", "upwards/../../../../../../../.." + target, ""));
        cran.addFile("rooted", "1.0", tarball("rooted", target.toString(), ""));
        cran.addFile(
                "linked",
                "1.0",
                tarball("linked", "linked/R", target.getParent().toString()));
        keep("all");
        SyncRunView run = failed(run());
        assertEquals(List.of(1, 3), List.of(run.added(), run.failed()), () -> told(run.id()));
        for (String name : List.of("upwards", "rooted", "linked")) {
            SyncPackageView refused = packageOf(run, name);
            assertEquals(SyncPackageState.FAILED, refused.state());
            assertTrue(refused.tail().isEmpty(), () -> "R has not seen it: " + told(run.id()));
            assertTrue(reason(run, name).startsWith(name + " is not unpacked: "), () -> told(run.id()));
        }
        assertEquals("as it was", Files.readString(target));
        assertEquals(Map.of("good", "1.0"), live());
    }

    private static byte[] tarball(String name, String entry, String link) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            Map<String, String> files = RPackage.answering(name, "1.0", "1");
            for (Map.Entry<String, String> file : files.entrySet()) {
                put(tar, new TarArchiveEntry(name + "/" + file.getKey()), file.getValue());
            }
            if (link.isEmpty()) {
                put(tar, new TarArchiveEntry(entry, true), "evil");
            } else {
                TarArchiveEntry linked = new TarArchiveEntry(entry, TarArchiveEntry.LF_SYMLINK);
                linked.setLinkName(link);
                put(tar, linked, "");
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    @Test
    void whatCannotBeInstalledHereFailsWithTheReasonAndTheRestGoesOn() throws Exception {
        offer("1.0", 1, "good", "modern");
        keep("good modern");
        succeeded(run());
        mail();
        offerWhatCannotBeInstalled();
        keep("good modern chicken farm music lonely");
        SyncRunView run = failed(run());
        assertEquals(List.of(1, 7), List.of(run.updated(), run.failed()), () -> told(run.id()));
        assertReasons(run);
        assertTrue(mail().contains("1 updated, 7 failed"));
        assertEquals(7, failed(run()).failed());
        assertTrue(mail().contains("7 failed"), "what is asked for and fails is told each time");
    }

    @Test
    void ofAllPackagesThoseThatCannotBeInstalledHereAreSkippedAndNobodyIsMailedAboutThem() throws Exception {
        offer("1.0", 1, "good", "modern");
        keep("all");
        succeeded(run());
        mail();
        offerWhatCannotBeInstalled();
        List<String> actions = builds.syncs().plan("cran").changes().stream()
                .map(change -> change.action() + " " + change.name())
                .toList();
        assertEquals(
                List.of(
                        "update good",
                        "add music",
                        "add song",
                        "skip chicken",
                        "skip egg",
                        "skip farm",
                        "skip lonely",
                        "skip modern",
                        "skip nosuchpackage"),
                actions);
        SyncRunView run = succeeded(run());
        assertEquals(List.of(1, 8, 0), List.of(run.updated(), run.skipped(), run.failed()), () -> told(run.id()));
        assertReasons(run);
        assertEquals("needs music, which was skipped", reason(run, "song"));
        String mail = mail();
        assertTrue(mail.contains("[ocpu] sync cran: 1 updated, 8 skipped"), mail);
        assertTrue(mail.contains("brought everything in sync that can be installed here"), mail);

        assertEquals(8, succeeded(run()).skipped());
        offer("3.0", 3, "good");
        assertEquals(1, succeeded(run()).updated());
        assertTrue(mail().contains("1 updated, 8 skipped"));
        assertEquals(3, smtp.getReceivedMessages().length, "a run that only skipped is not mailed");

        cran.addUnbuilt("broken", RPackage.with("broken", "1.0", "stop('no luck')\n"));
        assertEquals(1, failed(run()).failed(), "what could be installed and fails is a failure");
    }

    private void offerWhatCannotBeInstalled() throws Exception {
        offer("2.0", 2, "good");
        cran.addUnbuilt("modern", RPackage.needing("modern", "2.0", "Depends: R (>= 99.0)", "2"));
        cran.addUnbuilt("chicken", RPackage.needing("chicken", "1.0", "Imports: egg", "1"));
        cran.addUnbuilt("egg", RPackage.needing("egg", "1.0", "Imports: chicken", "1"));
        cran.addUnbuilt("farm", RPackage.needing("farm", "1.0", "Imports: egg", "1"));
        cran.addUnbuilt("music", RPackage.needing("music", "1.0", "SystemRequirements: JAGS (>= 4)", "1"));
        cran.addUnbuilt("song", RPackage.needing("song", "1.0", "Imports: music", "1"));
        cran.addUnbuilt("lonely", RPackage.needing("lonely", "1.0", "Imports: nosuchpackage", "1"));
    }

    private void assertReasons(SyncRunView run) throws Exception {
        assertTrue(run.problem().isEmpty(), run::toString);
        assertTrue(reason(run, "chicken").contains("circle of dependencies: chicken -> egg -> chicken"));
        assertTrue(reason(run, "egg").contains("circle of dependencies: chicken -> egg -> chicken"));
        assertTrue(reason(run, "farm").startsWith("needs egg, which "), () -> told(run.id()));
        assertTrue(reason(run, "modern").contains("needs R >= 99.0; this server has R "), () -> told(run.id()));
        assertEquals("music needs the system's JAGS (>= 4): apt-get install jags", reason(run, "music"));
        assertTrue(reason(run, "lonely").contains("nosuchpackage"), () -> told(run.id()));
        assertEquals(Map.of("good", "2.0", "modern", "1.0"), live());
        assertEquals("2 1", answers("good", "modern"));
    }

    @Test
    void aClockThatWasAheadNeitherHoldsRunsUpNorStartsThem() throws Exception {
        offer("1.0", 1, "one");
        keep("one", "sync.cran.cron", "0 0 3 1 1 ? 2090");
        SyncRunView first = succeeded(run());
        move("+ interval '100' year");
        keep("one", "sync.cran.cron", "0 0 3 * * ?");
        assertEquals(1, runs().size(), "its time did not come");
        assertTrue(builds.syncs().sync("cran").nextRun().isPresent());
        offer("2.0", 2, "one");
        SyncRunView second = succeeded(run());
        assertEquals(1, second.updated());
        assertEquals(List.of(second.id(), first.id()), runs(), "newest first");
        assertEquals(
                second.id(), builds.syncs().sync("cran").last().orElseThrow().id());
        assertFalse(mail().contains("Took: -"));
    }

    @Test
    void aTimeThatWasSleptThroughIsMadeUpForOnce() throws Exception {
        offer("1.0", 1, "one");
        keep("one");
        succeeded(run());
        move("- interval '2' year");
        keep("one", "sync.cran.cron", "0 0 3 1 1 ?");
        assertEquals(2, runs().size());
        assertEquals("schedule", succeeded(ended(runs().get(0))).cause());
        keep("one", "sync.cran.cron", "0 0 3 1 1 ?");
        assertEquals(2, runs().size(), "once is enough");
    }

    private List<Long> runs() {
        return builds.syncs().runs("cran", OptionalLong.empty(), 10).stream()
                .map(SyncRunView::id)
                .toList();
    }

    /** Moves the times of all runs there were, as a clock would that was wrong. */
    private void move(String by) throws IOException {
        builds.close();
        try (Database database = Database.open(data().resolve("db"), 3)) {
            database.jdbi()
                    .useHandle(handle ->
                            handle.execute("update sync_runs set started_at = started_at %1$s, ended_at = ended_at %1$s"
                                    .formatted(by)));
        }
        builds = BuildService.open(config(settings(cran, "one")), data(), new Rscript(), outbox);
    }
}
