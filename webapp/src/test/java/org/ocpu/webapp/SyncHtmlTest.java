package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestSyncs.one;
import static org.ocpu.webapp.TestSyncs.run;
import static org.ocpu.webapp.TestSyncs.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.SyncPackageState;
import org.ocpu.builder.SyncPackageView;
import org.ocpu.builder.SyncRunState;
import org.ocpu.builder.SyncRunView;

/** What the pages about syncs show of the records they get. */
class SyncHtmlTest {
    private static final SyncHtml PAGES = new SyncHtml(new Frame("/ocpu", true, true));
    private static final String ATTACK = "<script>alert('1')</script> & \"quoted\"";
    private static final List<SyncPackageView> MIXED = List.of(
            one("waits", SyncPackageState.WAITING, Optional.empty()),
            one("loads", SyncPackageState.DOWNLOADING, Optional.empty()),
            one("builds", SyncPackageState.INSTALLING, Optional.empty()),
            one("newer", SyncPackageState.UPDATED, Optional.empty()),
            one("fresh", SyncPackageState.ADDED, Optional.empty()),
            one("broken", SyncPackageState.FAILED, Optional.of("it does not compile")),
            one("needs", SyncPackageState.SKIPPED, Optional.of("it needs broken")));

    private static void assertShows(Html page, String text) {
        assertTrue(page.text().contains(text), () -> "no " + text + " in\n" + page.text());
    }

    private static Html page(SyncRunState state, List<SyncPackageView> packages) {
        return PAGES.run(new RunHtml(run(state, packages, Optional.empty()), packages));
    }

    @Test
    void withoutASyncThePageTellsHowToConfigureOne() {
        Html page = PAGES.syncs(List.of(), Optional.empty());
        assertShows(page, "<code>sync.cran.packages: ggplot2, dplyr</code>");
        assertShows(page, "<code>/ocpu/cran/ggplot2/</code>");
    }

    @Test
    void onlyAServerWithSyncsLinksThem() {
        assertShows(PAGES.syncs(List.of(), Optional.empty()), "<a href=\"/syncs\" aria-current=\"page\">Syncs</a>");
        Html without = new Frame("/ocpu", false, true).page(Frame.Place.APPS, "x", Html.EMPTY);
        assertFalse(without.text().contains("/syncs"), without.text());
    }

    @Test
    void aSyncShowsItsLastRunAndItsNextInItsOwnTimeZone() {
        SyncRunView last = run(SyncRunState.FAILED, MIXED.subList(3, 7), Optional.empty());
        Html page = PAGES.syncs(
                List.of(sync("cran", "ggplot2, dplyr", Optional.empty(), Optional.of(last))), Optional.empty());
        assertShows(page, "Sat 2026-01-03 03:00 Europe/Amsterdam");
        assertShows(page, "ggplot2, dplyr");
        assertShows(page, "312 packages");
        assertShows(page, "<a href=\"/syncs/cran/runs/7\">#7</a>");
        assertShows(page, "1 failed, 1 skipped, 1 updated, 1 added, 300 unchanged");
    }

    @Test
    void aRunThatGoesOnShowsABarForEachPackageInWork() {
        Html page = page(SyncRunState.RUNNING, MIXED);
        assertShows(page, "<progress id=\"overall\" max=\"7\" value=\"4\"");
        assertShows(page, "<progress aria-label=\"loads\" max=\"2000\" value=\"500\"></progress>");
        assertShows(page, "<progress aria-label=\"builds\"></progress> <span class=\"step\">installing</span>");
        assertFalse(page.text().contains("data-package=\"waits\""), page.text());
        assertShows(page, "<h3>broken failed</h3><p>1.0 → 1.1: it does not compile</p>");
        assertShows(page, "/assets/sync.js");
    }

    @Test
    void aPackageThatIsDownloadedAndWaitsIsNotSaidToBeDownloading() {
        SyncPackageView all = new SyncPackageView(
                "ready",
                "1.1",
                Optional.empty(),
                SyncPackageState.DOWNLOADING,
                Optional.empty(),
                Optional.empty(),
                2000,
                2000,
                Optional.of(TestSyncs.NOON),
                Optional.empty());
        Html page = page(SyncRunState.RUNNING, List.of(all));
        assertShows(page, "max=\"2000\" value=\"2000\"></progress> <span class=\"step\">downloaded</span>");
    }

    @Test
    void aRunThatEndedIsAReportAndFollowsNothing() {
        Html page = page(SyncRunState.FAILED, MIXED.subList(3, 7));
        assertShows(page, "<strong>newer</strong> 1.0 → 1.1");
        assertShows(page, "<strong>fresh</strong> 1.1");
        assertShows(page, " it needs broken</span>");
        assertShows(page, "<li data-count=\"unchanged\"><strong>300</strong> unchanged</li>");
        assertShows(page, "<strong>3.2 MB</strong> downloaded");
        assertShows(page, "took 1 min 15 s");
        assertShows(page, "<pre>it does not compile</pre>");
        assertFalse(page.text().contains("sync.js"), page.text());
    }

    @Test
    void whatWouldChangeIsShownByTheCommandWhereThereIsNoJavaScript() {
        Html page = PAGES.sync(
                "cran",
                Optional.of(sync("cran", "ggplot2", Optional.empty(), Optional.empty())),
                Optional.empty(),
                List.of());
        assertShows(page, "<p class=\"unscripted\">On the server's machine, <code>./ocpu sync cran --dry-run</code>");
    }

    @Test
    void whatRequestsAskedForCanBeCancelledButNotPlanned() {
        SyncRunView run = run(SyncRunState.RUNNING, MIXED, Optional.empty());
        Html page = PAGES.sync("on-demand", Optional.empty(), Optional.of(new RunHtml(run, MIXED)), List.of(run));
        assertShows(page, "data-does=\"cancel\"");
        assertShows(page, "<dialog id=\"token\"");
        assertFalse(page.text().contains("data-does=\"run\""), page.text());
        Html idle = PAGES.sync("on-demand", Optional.empty(), Optional.empty(), List.of());
        assertFalse(idle.text().contains("/assets/sync.js"), idle.text());
    }

    @Test
    void aRunThatCouldNotBeginSaysWhy() {
        SyncRunView run = run(SyncRunState.FAILED, List.of(), Optional.of("the repository answers 503"));
        assertShows(PAGES.run(new RunHtml(run, List.of())), "<pre>the repository answers 503</pre>");
        assertShows(PAGES.sync("cran", Optional.empty(), Optional.empty(), List.of(run)), "the repository answers 503");
    }

    @Test
    void thousandsOfPackagesAreSummedUp() {
        List<SyncPackageView> many = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            many.add(one("a" + i, SyncPackageState.ADDED, Optional.empty()));
            many.add(one("w" + i, SyncPackageState.WAITING, Optional.empty()));
        }
        for (int i = 0; i < 2_000; i++) {
            many.add(one("f" + i, SyncPackageState.FAILED, Optional.of("it does not compile")));
        }
        Html page = page(SyncRunState.RUNNING, many);
        assertShows(page, "<summary>20000 added</summary>");
        assertShows(page, "and 19000 more");
        assertShows(page, "<summary>1900 more failed</summary>");
        assertTrue(
                page.text().length() < 400_000,
                () -> "characters: " + page.text().length());
    }

    @Test
    void onlyARunThatDidNothingIsSaidNotToHaveBegun() {
        SyncRunView down = TestSyncs.notBegun(SyncRunState.FAILED, "no index");
        assertShows(PAGES.run(new RunHtml(down, List.of())), "<h2>The run could not begin</h2><pre>no index</pre>");
        List<SyncPackageView> done = MIXED.subList(3, 5);
        SyncRunView failed = run(SyncRunState.FAILED, done, Optional.of("the disk is full"));
        Html page = PAGES.run(new RunHtml(failed, done));
        assertShows(page, "<h2>The run could not come to its end</h2><pre>the disk is full</pre>");
        assertFalse(page.text().contains("could not begin"), page.text());
        SyncRunView stopped = run(SyncRunState.STOPPED, done, Optional.of("the server ended"));
        assertShows(PAGES.run(new RunHtml(stopped, done)), "<h2>The run was interrupted</h2>");
        Html history = PAGES.sync("cran", Optional.empty(), Optional.empty(), List.of(failed, down));
        assertShows(history, "1 updated, 1 added, 300 unchanged; the disk is full");
        assertShows(history, "no index");
    }

    @Test
    void noValueBecomesMarkup() {
        List<SyncPackageView> packages = new ArrayList<>();
        for (SyncPackageState state : SyncPackageState.values()) {
            packages.add(one(ATTACK, state, Optional.of(ATTACK)));
        }
        SyncRunView run = run(SyncRunState.RUNNING, packages, Optional.of(ATTACK));
        RunHtml report = new RunHtml(run, packages);
        for (Html page : List.of(
                PAGES.run(report),
                PAGES.syncs(List.of(sync(ATTACK, ATTACK, Optional.of(run), Optional.of(run))), Optional.of(run)),
                PAGES.sync(
                        ATTACK,
                        Optional.of(sync(ATTACK, ATTACK, Optional.of(run), Optional.empty())),
                        Optional.of(report),
                        List.of(run)))) {
            assertFalse(page.text().contains("<script>alert"), page.text());
        }
    }

    @Test
    void aPackageAsJsonHasOnlyWhatThereIs() {
        Map<String, Object> json = SyncJson.of(one("fresh", SyncPackageState.ADDED, Optional.empty()));
        assertEquals("added", json.get("state"));
        assertEquals("2026-01-02T12:00:03Z", json.get("endedAt"));
        assertFalse(json.containsKey("before"), json::toString);
        assertFalse(json.containsKey("reason"), json::toString);
    }
}
