package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.ocpu.app.RSystem;

/** What runs of syncs bring into a library, from when to when, and what they tell. */
class SyncIT extends SyncFixture {
    @Test
    void installsAChainFiveDeepWithCompiledCodeInItsOrder() throws Exception {
        cran.addAll(List.of(
                RPackage.compiled("one", "1.0", 42),
                RPackage.needing("two", "1.0", "Imports: one", "one::answer() + 1"),
                RPackage.needing("three", "1.0", "Depends: R (>= 3.5), two (>= 1.0)", "two::answer() + 1"),
                RPackage.needing("four", "1.0", "Imports: three, stats", "three::answer() + 1"),
                RPackage.needing("five", "1.0", "Imports: four", "four::answer() + 1"),
                RPackage.answering("unwanted", "1.0", "1")));
        keep("five");
        SyncPlanView plan = builds.syncs().plan("cran");
        assertEquals(
                List.of("one add", "two add", "three add", "four add", "five add"),
                plan.changes().stream()
                        .map(change -> change.name() + " " + change.action())
                        .toList());
        assertEquals(Map.of(), live(), "a plan changes nothing");
        assertEquals(0, downloads());

        SyncRunView run = succeeded(run());
        assertEquals("admin", run.cause());
        assertEquals(5, run.added());
        assertEquals(5, run.total());
        assertEquals("46", answers("five"));
        assertEquals(List.of("five", "four", "one", "three", "two"), List.copyOf(live().keySet()));
        List<String> order = builds.syncs().packages(run.id()).stream()
                .sorted(Comparator.comparing(one -> one.endedAt().orElseThrow()))
                .map(SyncPackageView::name)
                .toList();
        assertEquals(List.of("one", "two", "three", "four", "five"), order);
        long served = 0;
        for (String name : order) {
            served += Files.size(cran.file(CranServer.path(name, "1.0")));
        }
        assertEquals(served, run.bytes(), "bytes downloaded");
        assertEquals(List.of(), kept(), "what is installed needs no file any more");
    }

    @Test
    void updatesWhatHasAnotherVersionOrAnotherMd5() throws Exception {
        offer("1.0", 1, "same", "newer", "rebuilt");
        keep("same newer, rebuilt");
        succeeded(run());
        assertTrue(mail().contains("[ocpu] sync cran: 3 added"));
        cran.web().forget();
        cran.addAll(List.of(RPackage.answering("newer", "1.1", "2"), RPackage.answering("rebuilt", "1.0", "3")));

        SyncRunView run = succeeded(run());
        assertEquals(2, run.updated());
        assertEquals(1, run.unchanged());
        assertEquals(0, run.added());
        assertEquals("1.0", packageOf(run, "newer").before().orElseThrow());
        assertEquals("1 2 3", answers("same", "newer", "rebuilt"));
        assertEquals(2, downloads(), () -> "requests: " + cran.web().requests());
        String mail = mail();
        assertTrue(mail.contains("[ocpu] sync cran: 2 updated"), mail);
        assertTrue(mail.contains("newer 1.0 -> 1.1") && mail.contains("rebuilt 1.0 changed"), mail);
    }

    @Test
    void aRunWithNothingToDoCostsOneShortAnswerAndStartsNoProcess() throws Exception {
        offer("1.0", 1, "one", "two");
        keep("one two");
        succeeded(run());
        assertTrue(mail().contains("2 added"));
        Path version = library().toRealPath();
        cran.web().forget();
        Path events = root.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ProcessStart");
            recording.start();
            SyncRunView run = succeeded(run());
            recording.stop();
            recording.dump(events);
            assertEquals(0, run.total());
            assertEquals(2, run.unchanged());
            assertEquals(0, run.bytes());
            assertEquals(List.of(), builds.syncs().packages(run.id()));
        }
        assertEquals(
                List.of(),
                RecordingFile.readAllEvents(events).stream()
                        .filter(event -> event.getEventType().getName().equals("jdk.ProcessStart"))
                        .toList());
        assertEquals(
                List.of(INDEX + " 304"),
                cran.web().requests().stream()
                        .map(request -> request.path() + " " + request.status())
                        .toList());
        assertEquals(version, library().toRealPath());
        reopen(settings(cran, "one two"));
        cran.web().forget();
        succeeded(run());
        assertEquals(1, cran.web().count(INDEX, 304), "the next server knows the index, too");
        assertEquals(1, smtp.getReceivedMessages().length, "nothing changed, so there is nothing to tell");
    }

    @Test
    void whatFailsKeepsItsOldVersionAndStopsOnlyWhatNeedsIt() throws Exception {
        offer("1.0", 1, "ground", "other");
        cran.addAll(List.of(
                RPackage.needing("above", "1.0", "Imports: ground", "ground::answer()"),
                RPackage.needing("top", "1.0", "Imports: above", "above::answer()")));
        keep("top other unloadable");
        offer("1.0", 1, "unloadable");
        succeeded(run());
        mail();
        Map<String, String> broken = RPackage.compiled("ground", "2.0", 2);
        broken.put("src/answer.c", "#error not today\n");
        Map<String, String> unloadable = RPackage.answering("unloadable", "2.0", "2");
        unloadable.put("R/load.R", ".onLoad <- function(...) stop('no way to load')\n");
        cran.addUnbuilt("ground", broken);
        cran.addAll(List.of(
                unloadable,
                RPackage.answering("other", "2.0", "2"),
                RPackage.needing("above", "2.0", "Imports: ground (>= 1.0)", "ground::answer()"),
                RPackage.needing("top", "2.0", "Imports: above", "above::answer()")));

        SyncRunView run = failed(run());
        assertEquals(List.of(1, 2, 2), List.of(run.updated(), run.failed(), run.skipped()), () -> told(run.id()));
        assertEquals("needs ground, which failed", reason(run, "above"));
        assertEquals("needs above, which was skipped", reason(run, "top"));
        assertTrue(packageOf(run, "ground").tail().orElseThrow().contains("not today"), () -> told(run.id()));
        assertTrue(reason(run, "unloadable").contains("no way to load"), () -> told(run.id()));
        assertEquals(
                Map.of("ground", "1.0", "above", "1.0", "top", "1.0", "other", "2.0", "unloadable", "1.0"), live());
        assertEquals("1 2 1", answers("top", "other", "unloadable"));
        String mail = mail();
        assertTrue(mail.contains("[ocpu] sync cran: 1 updated, 2 failed, 2 skipped"), mail);
        assertTrue(mail.contains("above 1.0 -> 2.0: needs ground, which failed"), mail);
        assertTrue(mail.contains("R's last words about ground") && mail.contains("#error not today"), mail);
        assertFalse(mail.contains(data().toString()), mail);

        cran.web().forget();
        SyncRunView again = failed(run());
        assertEquals(2, again.failed());
        assertEquals(0, downloads(), () -> "requests: " + cran.web().requests());
        assertEquals(0, again.bytes(), "nothing was downloaded");
        assertEquals(1, again.unchanged());

        offer("2.1", 3, "ground", "unloadable");
        SyncRunView repaired = succeeded(run());
        assertEquals(4, repaired.updated());
        assertEquals("3 2 3", answers("top", "other", "unloadable"));
        assertEquals(List.of(), kept());
    }

    @Test
    void keepsAllThatThereIsOrAllThatIsInstalled() throws Exception {
        offer("1.0", 1, "one", "two");
        keep("all");
        assertEquals(2, succeeded(run()).added());
        offer("2.0", 2, "two", "three");
        keep("installed");
        SyncRunView installed = succeeded(run());
        assertEquals(1, installed.updated());
        assertEquals(Map.of("one", "1.0", "two", "2.0"), live());
        keep("all");
        assertEquals(1, succeeded(run()).added());
        assertEquals("1 2 2", answers("one", "two", "three"));
    }

    @Test
    void keepsWhatATaskViewLists() throws Exception {
        offer("1.0", 1, "one", "two", "three");
        Path views = Files.createDirectories(cran.file("/views"));
        Files.writeString(views.resolve("Answers.md"), """
                ---
                name: Answers
                ---
                The best are `r pkg("one", priority = "core")` and `r pkg("two")`.
                """);
        Map<String, String> settings = settings(cran, "");
        settings.remove("sync.cran.packages");
        settings.put("sync.cran.taskview", cran.url() + "/views/Answers.md");
        reopen(settings);
        assertEquals(2, succeeded(run()).added());
        assertEquals("1 1", answers("one", "two"));
        Path file = Files.writeString(root.resolve("names.txt"), "three # and no other\n");
        settings.put("sync.cran.taskview", file.toString());
        reopen(settings);
        assertEquals(1, succeeded(run()).added());
        Files.delete(views.resolve("Answers.md"));
        settings.put("sync.cran.taskview", cran.url() + "/views/Answers.md");
        reopen(settings);
        SyncRunView gone = failed(run());
        assertTrue(gone.problem().orElseThrow().contains("/views/Answers.md: there is no such task view"));
        assertEquals("1 1 1", answers("one", "two", "three"));
    }

    @Test
    void whatTheRepositoryWithdrewStaysUntilItIsToBePruned() throws Exception {
        offer("1.0", 1, "one", "two");
        keep("one two");
        succeeded(run());
        cran.withdraw("two");
        keep("one");
        SyncRunView kept = succeeded(run());
        assertTrue(kept.notes().toString().contains("no longer in the repositories, and kept (sync.cran.prune): two"));
        assertEquals("1 1", answers("one", "two"));
        keep("one", "sync.cran.prune", "true");
        SyncRunView pruned = succeeded(run());
        assertEquals(1, pruned.removed());
        assertEquals(SyncPackageState.REMOVED, packageOf(pruned, "two").state());
        assertEquals(Map.of("one", "1.0"), live());
    }

    @Test
    void anIndexThatLostMostPackagesRemovesNone() throws Exception {
        String[] names = {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"};
        offer("1.0", 1, names);
        keep("all", "sync.cran.prune", "true");
        succeeded(run());
        cran.withdraw("p1", "p2", "p3", "p4", "p5", "p6", "p7");
        SyncRunView run = succeeded(run());
        assertEquals(0, run.removed());
        assertTrue(run.notes().toString().contains("nothing was removed, although 7 of 8 packages"), run::toString);
        assertEquals("1 1 1 1 1 1 1 1", answers(names));
    }

    @Test
    void installsBinariesOfThisRAndSourcesWhereTheyAreOfAnother() throws Exception {
        List<Map<String, String>> packages =
                List.of(RPackage.compiled("fit", "1.0", 1), RPackage.compiled("old", "1.0", 2));
        cran.addAll(packages);
        cran.addBuilt(packages);
        cran.rebuiltFor("old", "1.0", "3.6.0");
        keep("fit old", "sync.cran.binaries", cran.binaries().toString());
        SyncRunView run = succeeded(run());
        assertEquals("1 2", answers("fit", "old"));
        assertTrue(
                run.notes()
                        .toString()
                        .contains("old 1.0: its binary is not used: it was built for R 3.6.0, this is R "),
                run::toString);
        assertEquals(0, cran.web().count(CranServer.path("fit", "1.0")), "nobody needs the source");
        assertEquals(1, cran.web().count(CranServer.path("old", "1.0")));
        cran.web().forget();
        assertEquals(2, succeeded(run()).unchanged(), "a binary is as good as its source");
        assertEquals(0, downloads());
    }

    @Test
    void installsSourcesWhereBinariesAreOff() throws Exception {
        List<Map<String, String>> packages = List.of(RPackage.compiled("fit", "1.0", 1));
        cran.addAll(packages);
        cran.addBuilt(packages);
        keep("fit", "sync.cran.binaries", "off", "sync.cran.repos", cran.binaries() + " " + cran.url());
        SyncRunView run = failed(run());
        assertTrue(reason(run, "fit").contains("sync.cran.binaries is off"), () -> told(run.id()));
        keep("fit", "sync.cran.binaries", "off");
        assertEquals(1, succeeded(run()).added());
        assertEquals("1", answers("fit"));
        assertFalse(cran.web().requests().stream()
                .anyMatch(one -> one.agent().startsWith("R (") && one.path().startsWith("/src/contrib/fit")));
    }

    @Test
    void runsOfOneLibraryTakeTurnsAndOneSyncRunsOnce() throws Exception {
        offer("1.0", 1, "quick");
        cran.addAll(List.of(slow("slow", "1.0", 2, 2)));
        keep("slow", "sync.extra.packages", "quick", "sync.extra.library", "cran", "sync.extra.cron", "off");
        long first = builds.syncs().run("cran").id();
        await(first, "slow", SyncPackageState.INSTALLING);
        long second = builds.syncs().run("extra").id();
        assertEquals(first, builds.syncs().run("cran").id(), "it runs already");
        assertEquals(second, builds.syncs().run("extra").id(), "it waits already");
        assertEquals(
                SyncRunState.WAITING, builds.syncs().find(second).orElseThrow().state());
        assertEquals(first, builds.syncs().sync("cran").running().orElseThrow().id());
        SyncRunView extra = succeeded(ended(second));
        SyncRunView slow = succeeded(builds.syncs().find(first).orElseThrow());
        assertFalse(packageOf(extra, "quick")
                .startedAt()
                .orElseThrow()
                .isBefore(slow.endedAt().orElseThrow()));
        assertEquals("1 2", answers("quick", "slow"));
        assertTrue(run("extra").id() > second, "what has ended may run again");
    }

    @Test
    void aCancelledRunKeepsWhatItDidAndEndsAtOnce() throws Exception {
        offer("1.0", 1, "quick");
        cran.addAll(List.of(slow("slow", "1.0", 600, 2), RPackage.needing("top", "1.0", "Imports: slow", "1")));
        keep("quick top");
        long run = builds.syncs().run("cran").id();
        await(run, "quick", SyncPackageState.ADDED);
        await(run, "slow", SyncPackageState.INSTALLING);
        builds.syncs().cancel(run);
        SyncRunView stopped = ended(run);
        assertEquals(SyncRunState.STOPPED, stopped.state());
        assertEquals(List.of(1, 0, 2), List.of(stopped.added(), stopped.failed(), stopped.skipped()), () -> told(run));
        assertTrue(reason(stopped, "slow").contains("stopped"), () -> told(run));
        assertEquals(Map.of("quick", "1.0"), live());
        String mail = mail();
        assertTrue(mail.contains("stopped, 1 added"), mail);
        assertThrows(ConflictException.class, () -> builds.syncs().cancel(run));
        assertThrows(UnknownNameException.class, () -> builds.syncs().cancel(run + 100));
        cran.addAll(List.of(RPackage.answering("slow", "1.1", "3")));
        assertEquals(2, succeeded(run()).added());
        reopen(settings(cran, "quick top"));
        assertEquals(2, builds.syncs().runs("cran", OptionalLong.empty(), 10).size(), "it does not begin again");
    }

    @Test
    void runsWhenItsTimeComes() throws Exception {
        offer("1.0", 1, "one");
        keep("one", "sync.cran.cron", "* * * * * ?", "sync.cran.timezone", "Asia/Tokyo");
        SyncView view = builds.syncs().sync("cran");
        assertEquals(ZoneId.of("Asia/Tokyo"), view.zone());
        while (view.last().isEmpty()) {
            Thread.onSpinWait();
            view = builds.syncs().sync("cran");
        }
        assertEquals("schedule", view.last().get().cause());
        assertEquals("1", answers("one"));
        keep("one", "sync.cran.cron", "0 0 3 * * ?", "sync.cran.timezone", "Asia/Tokyo");
        assertEquals(
                3,
                builds.syncs()
                        .sync("cran")
                        .nextRun()
                        .orElseThrow()
                        .atZone(ZoneId.of("Asia/Tokyo"))
                        .getHour());
    }

    @Test
    void whoReadsTheLibraryKeepsTheVersionTheyBeganWith() throws Exception {
        cran.addAll(List.of(
                RPackage.compiled("one", "1.0", 1), RPackage.needing("two", "1.0", "Imports: one", "one::answer()")));
        List<Runnable> readers = new ArrayList<>();
        builds.close();
        builds = BuildService.open(
                config(settings(cran, "two")),
                data(),
                new BuildService.Core(
                        new Rscript(), (version, whenUnused) -> readers.add(whenUnused), RSystem.ask(), () -> {}),
                outbox);
        succeeded(run());
        readers.forEach(Runnable::run);
        readers.clear();
        Path began = library().toRealPath();
        cran.addAll(List.of(
                RPackage.compiled("one", "2.0", 2),
                RPackage.needing("two", "2.0", "Imports: one (>= 2.0)", "one::answer()")));
        succeeded(run());
        assertEquals("2", answers("two"));
        assertEquals("1", answers(began, List.of("two")));
        assertEquals(Map.of("one", "1.0", "two", "1.0"), versions(began));
        readers.forEach(Runnable::run);
        assertFalse(Files.exists(began));
        assertEquals("2", answers("two"));
    }

    @Test
    void aRunThatTheEndOfTheServerInterruptsGoesOnWithoutDownloadingAgain() throws Exception {
        offer("1.0", 1, "quick");
        cran.addAll(
                List.of(slow("slow", "1.0", 3, 2), RPackage.needing("top", "1.0", "Imports: slow", "slow::answer()")));
        keep("quick top");
        long first = builds.syncs().run("cran").id();
        await(first, "quick", SyncPackageState.ADDED);
        await(first, "slow", SyncPackageState.INSTALLING);
        while (kept().stream().noneMatch(name -> name.startsWith("top_") && name.endsWith(".tar.gz"))) {
            Thread.onSpinWait();
        }
        keep("quick top");
        SyncRunView second = succeeded(ended(builds.syncs().run("cran").id()));
        assertEquals("restart", second.cause());
        assertEquals(2, second.added());
        assertEquals(1, second.unchanged());
        assertEquals(3, downloads(), () -> "requests: " + cran.web().requests());
        SyncRunView interrupted = builds.syncs().find(first).orElseThrow();
        assertEquals(SyncRunState.STOPPED, interrupted.state());
        assertEquals(1, interrupted.added());
        assertEquals("1 2", answers("quick", "top"));
    }

    /** The package in between stays, so it does not tell who comes first. */
    @Test
    void whatIsUpdatedMeanwhileStaysForWhatIsBeingInstalledAgainstIt() throws Exception {
        offer("1.0", 1, "below");
        cran.addAll(List.of(RPackage.needing("between", "1.0", "Imports: below", "below::answer()")));
        keep("between");
        succeeded(run());
        Map<String, String> above = new HashMap<>(RPackage.needing("above", "1.0", "Imports: between", "known"));
        above.put("R/known.R", "Sys.sleep(2)\nknown <- between::answer()\n");
        offer("2.0", 2, "below");
        cran.addUnbuilt("above", above);
        keep("above between");
        SyncRunView run = succeeded(run());
        assertEquals(List.of(1, 1, 1), List.of(run.added(), run.updated(), run.unchanged()));
        assertTrue(Stream.of("1 2", "2 2").toList().contains(answers("above", "between")));
    }
}
