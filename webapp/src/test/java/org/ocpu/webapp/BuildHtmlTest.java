package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** What the pages about builds show of the records they get. */
class BuildHtmlTest {
    private static final BuildHtml PAGES = new BuildHtml(new Frame("/ocpu", false, true));

    @Test
    void noValueOfABuildBecomesMarkup() {
        BuildView build = build(State.FAILED, Optional.of(HtmlTest.ATTACK));
        for (Html page : List.of(PAGES.builds(List.of(build)), PAGES.build(build, List.of(HtmlTest.ATTACK)))) {
            assertFalse(page.text().contains("<script>"), page.text());
            assertShows(page, HtmlTest.ESCAPED);
        }
    }

    @Test
    void aFailedBuildShowsWhereAndWhy() {
        Html page = PAGES.build(build(State.FAILED, Optional.of("no DESCRIPTION")), List.of("line 1", "line 2"));
        assertShows(page, "Failed at install");
        assertShows(PAGES.builds(List.of(build(State.FAILED, Optional.of("no")))), "failed</span> at install<");
        assertShows(page, "no DESCRIPTION");
        assertShows(page, "<li data-state=\"failed\"><strong>install</strong> <span>failed 1.5 s</span></li>");
        assertShows(page, "line 1\nline 2\n");
        assertShows(page, "data-lines=\"2\" data-live=\"false\"");
    }

    @Test
    void aSucceededBuildLinksToTheAppAndARunningOneIsLive() {
        assertShows(
                PAGES.build(build(State.SUCCEEDED, Optional.empty()), List.of()),
                "<a href=\"/ocpu/apps/ada/hello/www/\">Open the app</a>");
        Html running = PAGES.build(build(State.RUNNING, Optional.empty()), List.of());
        assertShows(running, "data-live=\"true\"");
        assertFalse(running.text().contains("Open the app"), running.text());
    }

    @Test
    void aSupersededBuildLinksToTheOneThatSupersededIt() {
        BuildView superseded = build(State.SUPERSEDED, Optional.empty());
        for (Html page : List.of(PAGES.builds(List.of(superseded)), PAGES.build(superseded, List.of()))) {
            assertShows(page, "data-state=\"superseded\"");
            assertShows(page, " by <a href=\"/builds/14\">#14</a>");
        }
    }

    @Test
    void aCancelledBuildSaysSoAndIsNotLive() {
        Html page = PAGES.build(build(State.CANCELLED, Optional.empty()), List.of());
        assertShows(page, "<span class=\"state\" data-state=\"cancelled\">cancelled</span>");
        assertShows(page, "data-live=\"false\"");
        assertFalse(page.text().contains("was published"), page.text());
    }

    @Test
    void aBuildShowsItsMessageItsWholeNameAndThatItRanAgain() {
        AppName preview = AppName.parse("ada/hello/part@pr-3");
        BuildView build = TestBuilds.build(12, preview, State.SUCCEEDED, Optional.empty(), "Greet louder");
        for (Html page : List.of(PAGES.builds(List.of(build)), PAGES.build(build, List.of()))) {
            assertShows(page, "ada/hello/part@pr-3");
            assertShows(page, "Greet louder");
        }
        Html page = PAGES.build(build, List.of());
        assertShows(page, "Run again after a restart of the server.");
        assertShows(PAGES.builds(List.of(build)), "run again");
        assertShows(page, "<a href=\"/ocpu/apps/ada/hello/part@pr-3/www/\">");
        assertFalse(PAGES.build(build(State.RUNNING, Optional.empty()), List.of())
                .text()
                .contains("Run again"));
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

    private static BuildView build(State state, Optional<String> failure) {
        return TestBuilds.build(12, HELLO, state, failure, failure.orElse(""));
    }
}
