package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** What the pages show of the records they get. */
class PagesTest {
    private static final Pages PAGES = new Pages(new Frame("/ocpu", false));

    private static final String ATTACK = "<script>alert('1')</script> & \"quoted\"";
    private static final String ESCAPED = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;";

    @Test
    void aValueIsEscapedAndHtmlIsNot() {
        assertEquals(
                "<p title=\"" + ESCAPED + "\">" + ESCAPED + "</p>",
                Html.of("<p title=\"{}\">{}</p>", ATTACK, ATTACK).text());
        assertEquals(
                "<b>1</b><b>2</b>",
                Html.of("{}", List.of(Html.of("<b>{}</b>", 1), Html.of("<b>{}</b>", 2)))
                        .text());
        assertEquals("<p>{}</p>", Html.of("<p>{}</p>", "{}").text());
        assertThrows(IllegalArgumentException.class, () -> Html.of("{}", 1, 2));
    }

    @Test
    void noValueOfAnAppOrABuildBecomesMarkup() {
        BuildView build = build(State.FAILED, Optional.of(ATTACK));
        for (Html page : List.of(
                PAGES.index(List.of(app(ATTACK)), List.of(build), "http://" + ATTACK),
                PAGES.builds(List.of(build)),
                PAGES.build(build, List.of(ATTACK)))) {
            assertFalse(page.text().contains("<script>"), page.text());
            assertShows(page, ESCAPED);
        }
    }

    @Test
    void theIndexLinksAnAppToItsPageItsFunctionsAndItsBuild() {
        Html page = PAGES.index(List.of(app("Hello there")), List.of(), "http://localhost:8004/ocpu/webhook");
        assertShows(page, "<a href=\"/ocpu/apps/Ada/hello/www/\">Hello there</a>");
        assertShows(page, "<a href=\"/ocpu/apps/Ada/hello/R/\">");
        assertShows(page, "<a href=\"/builds/11\">Build 11</a>");
        assertShows(page, "hello 1.0.0");
        assertShows(page, "2026-01-02 12:00 UTC");
        assertShows(page, "<code>http://localhost:8004/ocpu/webhook</code>");
    }

    @Test
    void theIndexSaysThatTheNewestPushOfAnAppFailed() {
        BuildView failed = build(State.FAILED, Optional.of("no DESCRIPTION"));
        assertShows(PAGES.index(List.of(app("x")), List.of(failed), ""), "last push failed");
        BuildView succeeded = build(State.SUCCEEDED, Optional.empty());
        Html page = PAGES.index(List.of(app("x")), List.of(succeeded, failed), "");
        assertFalse(page.text().contains("last push failed"), page.text());
    }

    @Test
    void theIndexSaysThatAnAppIsBuildingAndNothingOfABuildThatWasCancelled() {
        BuildView running = build(State.RUNNING, Optional.empty());
        BuildView failed = build(State.FAILED, Optional.of("no DESCRIPTION"));
        BuildView cancelled = build(State.CANCELLED, Optional.empty());
        assertShows(
                PAGES.index(List.of(app("x")), List.of(running, failed), ""),
                "<a class=\"state\" data-state=\"running\" href=\"/builds/12\">building</a>");
        assertShows(PAGES.index(List.of(app("x")), List.of(cancelled, failed), ""), "last push failed");
    }

    @Test
    void aPartOfARepositoryAndAPreviewHaveTheirOwnNamesAndAddressesInTheIndex() {
        for (String name : List.of("Ada/hello/part", "Ada/hello@feature~x", "Ada/hello/part@pr-3")) {
            Html page = PAGES.index(List.of(TestBuilds.app(AppName.parse(name), "1.0.0")), List.of(), "");
            assertShows(page, "<p>" + name + " <span");
            assertShows(page, "<a href=\"/ocpu/apps/" + name + "/www/\">Open</a>");
            assertShows(page, "<a href=\"/ocpu/apps/" + name + "/R/\">");
            assertEquals(name.contains("@"), page.text().contains(">preview</span>"), page.text());
        }
    }

    @Test
    void anEmptyIndexTellsHowToBegin() {
        Html page = PAGES.index(List.of(), List.of(), "http://localhost:8004/ocpu/webhook");
        assertShows(page, "No app is here yet");
        assertShows(page, "Add a webhook");
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
    void theNewestBuildOfAPreviewSaysNothingOfItsApp() {
        BuildView preview = TestBuilds.build(13, HELLO.withPreview("try"), State.FAILED, Optional.of("no"), "");
        Html page = PAGES.index(List.of(app("x")), List.of(preview, build(State.SUCCEEDED, Optional.empty())), "");
        assertFalse(page.text().contains("last push failed"), page.text());
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

    private static AppView app(String title) {
        AppView app = TestBuilds.app(new AppName("Ada", "hello"), "1.0.0");
        return new AppView(app.name(), app.packageName(), title, app.versions(), app.bytes());
    }

    private static BuildView build(State state, Optional<String> failure) {
        return TestBuilds.build(12, HELLO, state, failure, failure.orElse(""));
    }
}
