package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;
import org.ocpu.builder.VersionView;

/** What the page of a build shows of the records it gets. */
class BuildHtmlTest {
    private static final BuildHtml PAGES = new BuildHtml(new Frame("/ocpu", false, true), TestBuilds.NOON);

    @Test
    void noValueOfABuildBecomesMarkup() {
        Html page = page(build(State.FAILED, Optional.of(HtmlTest.ATTACK)), HtmlTest.ATTACK);
        assertFalse(page.text().contains("<script>"), page.text());
        assertShows(page, HtmlTest.ESCAPED);
    }

    @Test
    void aFailedBuildShowsWhereAndWhy() {
        Html page = page(build(State.FAILED, Optional.of("no \u001b[31mDESCRIPTION")), "line 1", "line 2");
        assertShows(page, "Failed at install");
        assertShows(page, "no DESCRIPTION");
        assertShows(
                page, "<strong>install</strong> <span class=\"how\">failed</span> <span class=\"took\">1.5 s</span>");
        assertShows(page, ">line 1</div>");
        assertShows(page, "data-lines=\"2\" data-live=\"false\"");
    }

    @Test
    void theFirstErrorIsLinkedWhereThereIsOne() {
        BuildView failed = build(State.FAILED, Optional.of("no"));
        assertShows(
                page(failed, "2026-01-02T12:00:00.000Z [install] fine", "2026-01-02T12:00:00.000Z [install] ERROR: no"),
                "href=\"#L2\" aria-keyshortcuts=\"e\">Jump to the first error</a>");
        assertShows(page(failed, "fine"), "aria-keyshortcuts=\"e\" hidden>Jump to the first error</a>");
    }

    @Test
    void aSucceededBuildLinksToTheAppAndARunningOneIsLive() {
        Html page = page(build(State.SUCCEEDED, Optional.empty()));
        assertShows(page, "<a href=\"/ocpu/apps/ada/hello/www/\">Open the app</a>");
        assertShows(page, "<a href=\"/apps/ada/hello\">ada/hello</a>");
        assertShows(page, "was published");
        Html running = page(build(State.RUNNING, Optional.empty()));
        assertShows(running, "data-live=\"true\"");
        assertShows(running, "data-since=\"2026-01-02T12:00:00Z\"");
        assertFalse(running.text().contains("Open the app"), running.text());
    }

    @Test
    void theCommitIsLinkedWhereItCanBeLookedAt() {
        BuildView build = build(State.SUCCEEDED, Optional.empty());
        URI commit = URI.create("https://github.com/ada/hello/commit/0123456789abcdef");
        BuildHtml.Shown shown = new BuildHtml.Shown(build, Optional.empty(), Optional.of(commit));
        assertShows(PAGES.page(shown, List.of()), "<a href=\"" + commit + "\"><code>0123456</code></a> on main");
        assertShows(page(build), "<dd><code>0123456</code> on main</dd>");
    }

    @Test
    void whatAnAdminCanDoDependsOnHowTheBuildStands() {
        assertEquals(List.of("rebuild", "cancel"), actions(State.RUNNING, Optional.empty()));
        assertEquals(List.of("rebuild"), actions(State.FAILED, Optional.empty()));
        assertEquals(List.of("rebuild", "rollback"), actions(State.SUCCEEDED, Optional.of(false)));
        assertEquals(List.of("rebuild"), actions(State.SUCCEEDED, Optional.of(true)));
        BuildHtml without = new BuildHtml(new Frame("/ocpu", false, false), TestBuilds.NOON);
        Html page = without.page(shown(build(State.RUNNING, Optional.empty()), Optional.empty()), List.of());
        assertFalse(page.text().contains("data-does"), "the admin's actions are switched off");
        assertFalse(page.text().contains("<dialog"), "the admin's actions are switched off");
    }

    private static List<String> actions(State state, Optional<Boolean> live) {
        Html page = PAGES.page(shown(build(state, Optional.empty()), live), List.of());
        return List.of("rebuild", "cancel", "rollback").stream()
                .filter(action -> page.text().contains("data-does=\"" + action + "\""))
                .toList();
    }

    @Test
    void aSupersededBuildLinksToTheOneThatSupersededIt() {
        Html page = page(build(State.SUPERSEDED, Optional.empty()));
        assertShows(page, "data-state=\"superseded\"");
        assertShows(page, " by <a href=\"/builds/14\">#14</a>");
    }

    @Test
    void aCancelledBuildSaysSoAndIsNotLive() {
        Html page = page(build(State.CANCELLED, Optional.empty()));
        assertShows(page, "<span class=\"state\" data-state=\"cancelled\">cancelled</span>");
        assertShows(page, "data-live=\"false\"");
        assertFalse(page.text().contains("was published"), page.text());
    }

    @Test
    void aBuildShowsItsMessageItsWholeNameAndThatItRanAgain() {
        AppName preview = AppName.parse("ada/hello/part@pr-3");
        Html page = page(TestBuilds.build(12, preview, State.SUCCEEDED, Optional.empty(), "Greet louder"));
        assertShows(page, "ada/hello/part@pr-3");
        assertShows(page, "Greet louder");
        assertShows(page, "run again after a restart of the server");
        assertShows(page, "<a href=\"/ocpu/apps/ada/hello/part@pr-3/www/\">");
        assertFalse(page(build(State.RUNNING, Optional.empty())).text().contains("run again"));
    }

    @Test
    void theTimelineShowsWhenEachStageWasAndHowLong() {
        Html page = page(build(State.FAILED, Optional.of("no")));
        assertShows(page, "<rect x=\"0.0\" width=\"1.7\" height=\"8\" rx=\"0.5\">");
        assertShows(page, "<span class=\"start\">+ 0.0 s</span>");
    }

    @Test
    void aBuildAsJsonHasOnlyWhatThereIs() {
        Map<String, Object> json = BuildJson.of(build(State.RUNNING, Optional.empty()));
        assertEquals("running", json.get("state"));
        assertEquals("2026-01-02T12:00:00Z", json.get("queuedAt"));
        assertFalse(json.containsKey("failure"), json::toString);
        assertFalse(json.containsKey("finishedAt"), json::toString);
    }

    private static void assertShows(Html page, String text) {
        assertTrue(page.text().contains(text), () -> "no " + text + " in\n" + page.text());
    }

    private static Html page(BuildView build, String... log) {
        return PAGES.page(shown(build, Optional.empty()), List.of(log));
    }

    private static BuildHtml.Shown shown(BuildView build, Optional<Boolean> live) {
        Optional<VersionView> version = live.map(
                now -> new VersionView(build.id(), "1.0.0", build.commit(), build.ref(), TestBuilds.NOON, now, 1000));
        return new BuildHtml.Shown(build, version, Optional.empty());
    }

    private static BuildView build(State state, Optional<String> failure) {
        return TestBuilds.build(12, HELLO, state, failure, failure.orElse(""));
    }
}
