package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.ocpu.app.BadRequestException;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** What the page of builds shows of the records it gets, and what its address means. */
class BuildListHtmlTest {
    private static String page(Map<String, String> asked, OptionalLong next, BuildView... builds) {
        Frame frame = new Frame("/ocpu", false, true);
        return new BuildListHtml(frame, asked, TestBuilds.NOON.plusSeconds(90))
                .page(List.of(builds), next)
                .text();
    }

    private static String page(BuildView... builds) {
        return page(Map.of(), OptionalLong.empty(), builds);
    }

    private static BuildView build(State state, Optional<String> failure) {
        return TestBuilds.build(12, HELLO, state, failure, "");
    }

    private static void assertShows(String page, String text) {
        assertTrue(page.contains(text), () -> "no " + text + " in\n" + page);
    }

    @Test
    void noValueOfABuildOrOfTheFilterBecomesMarkup() {
        String attack = HtmlTest.ATTACK;
        String page = page(
                Map.of("q", attack, "app", attack, "owner", attack, "author", attack, "branch", attack),
                OptionalLong.of(3),
                TestBuilds.build(12, HELLO, State.FAILED, Optional.of(attack), attack));
        assertFalse(page.contains("<script>"), page);
        assertShows(page, HtmlTest.ESCAPED);
    }

    @Test
    void aFailedBuildShowsItsStageAndTheFirstLineOfTheReason() {
        String page = page(build(State.FAILED, Optional.of("no \u001b[1mDESCRIPTION\u001b[0m\nand more")));
        assertShows(page, "failed</span> at install<");
        assertShows(page, "<span class=\"message reason\">no DESCRIPTION</span>");
        assertFalse(page.contains("and more"), page);
    }

    @Test
    void theStagesAreToldInWordsToo() {
        String page = page(build(State.FAILED, Optional.of("no")));
        assertShows(page, "role=\"img\" aria-label=\"install failed 1.5 s\"");
        assertShows(page, "<i data-state=\"none\"></i><i data-state=\"none\"></i><i data-state=\"failed\"></i><i");
    }

    @Test
    void timesAreToldAsHowLongAgoAndTheExactOneIsThere() {
        String page = page(build(State.RUNNING, Optional.empty()));
        assertShows(page, "title=\"2026-01-02 12:00 UTC\">1 min ago</time>");
        assertShows(page, "<span class=\"elapsed\" data-since=\"2026-01-02T12:00:00Z\">running</span>");
    }

    @Test
    void whoFindsNothingIsToldWhatToDo() {
        assertShows(page(), "Nothing has been built yet. <a href=\"/#add\">How to add a first app</a>");
        String none = page(Map.of("state", "failed"), OptionalLong.empty());
        assertShows(none, "No build matches. <a href=\"/builds\">Clear the filter</a>");
        assertShows(none, "<option selected>failed</option>");
        assertShows(page(Map.of("before", "3"), OptionalLong.empty()), "No builds are older than that.");
    }

    @Test
    void pagesLinkToOlderBuildsAndBackAndKeepTheFilter() {
        Map<String, String> asked = Map.of("q", "a&b");
        String first = page(asked, OptionalLong.of(12), build(State.SUCCEEDED, Optional.empty()));
        assertShows(first, "<a rel=\"next\" href=\"/builds?q=a%26b&amp;before=12\">Older builds</a>");
        assertFalse(first.contains("rel=\"prev\""), first);
        Map<String, String> later = Map.of("before", "13");
        String last = page(later, OptionalLong.empty(), build(State.SUCCEEDED, Optional.empty()));
        assertShows(last, "<a rel=\"prev\" href=\"/builds\">Newest builds</a>");
        assertFalse(last.contains("rel=\"next\""), last);
        assertShows(last, "data-first=\"false\"");
    }

    @Test
    void anAddressMeansWhatItsFormWasFilledInWith() {
        BuildQuery all = query(Map.of("q", "  plot ", "state", "failed", "author", "", "unknown", "x"));
        assertEquals(Optional.of("plot"), all.known().text());
        assertEquals(Optional.of(State.FAILED), all.state());
        assertEquals(Optional.empty(), all.known().author());
        assertEquals(Optional.of("ada"), query(Map.of("app", "ada")).owner());
        assertEquals(Optional.of("ada"), query(Map.of("app", "ada/")).owner(), "while it is being typed");
        assertEquals(
                Optional.of(new AppName("ada", "hello")),
                query(Map.of("app", "ada/hello")).app());
        assertEquals(Optional.of("ada"), query(Map.of("owner", "ada")).owner());
        assertEquals(OptionalLong.of(7), query(Map.of("before", "7")).before());
    }

    @Test
    void whatMeansNothingIsRefused() {
        assertRefused(Map.of("state", "broken"), "Parameter state is to be one of [queued, running,");
        assertRefused(Map.of("before", "soon"), "Parameter before is not a whole number.");
        assertRefused(Map.of("app", "a/b c"), "Parameter app: not the name of");
    }

    private static void assertRefused(Map<String, String> asked, String why) {
        String message =
                assertThrows(BadRequestException.class, () -> query(asked)).getMessage();
        assertTrue(message.startsWith(why), message);
    }

    private static BuildQuery query(Map<String, String> asked) {
        return BuildFilter.of(asked, 10).query();
    }
}
