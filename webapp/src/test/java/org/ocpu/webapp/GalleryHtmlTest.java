package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;
import static org.ocpu.webapp.TestBuilds.NOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** What the page of all apps shows of the records it gets. */
class GalleryHtmlTest {
    private static final String WEBHOOK = "http://localhost:8004/ocpu/webhook";
    private static final Gallery ANY = new Gallery("", Optional.empty(), 1);

    private static final GalleryHtml GALLERY =
            new GalleryHtml(new Frame("/ocpu", false, true), NOON.plus(Duration.ofHours(3)));

    @Test
    void anAppIsOnACardWithWhatItIsFor() {
        Html page = page(List.of(app("Hello there")), Map.of());
        assertShows(page, "<a href=\"/apps/Ada/hello\">Hello there</a>");
        assertShows(page, "<a href=\"/?owner=Ada\">Ada</a>/hello 1.0.0");
        assertShows(page, "Says hello.");
        assertShows(page, "<a class=\"open\" href=\"/ocpu/apps/Ada/hello/\"");
        assertShows(page, "<a href=\"/builds/11\">Build 11</a>");
        assertShows(page, "title=\"2026-01-02 12:00 UTC\">3 h ago</time>");
        assertShows(page, "data-state=\"succeeded\">live</span>");
        assertShows(page, "aria-label=\"Payload URL\">" + WEBHOOK + "</pre>");
        assertShows(page, ">1 app</p>");
    }

    @Test
    void anAppHasItsPictureOrATileWithItsLetter() {
        AppView app = app("x");
        AppView drawn = new AppView(app.name(), "hello", "x", "", true, app.versions(), 1);
        assertShows(
                page(List.of(drawn), Map.of()), "<img class=\"icon\" src=\"/ocpu/apps/Ada/hello/icon.png\" alt=\"\"");
        assertShows(page(List.of(app), Map.of()), "aria-hidden=\"true\">H</span>");
    }

    @Test
    void theNewestBuildOfAnAppTellsHowItIs() {
        Map<State, String> says = Map.of(
                State.FAILED, "failing", State.RUNNING, "building", State.QUEUED, "building", State.SUCCEEDED, "live");
        says.forEach((state, word) -> {
            BuildView build = TestBuilds.build(12, HELLO, state, Optional.empty(), "");
            Html page = page(List.of(app("x")), Map.of(new AppName("Ada", "hello"), build));
            assertShows(page, "data-state=\"" + state.label() + "\">" + word + "</span> <a href=\"/builds/12\">");
        });
    }

    @Test
    void aPartOfARepositoryAndAPreviewHaveTheirOwnNamesAndAddresses() {
        for (String name : List.of("Ada/hello/part", "Ada/hello@feature~x", "Ada/hello/part@pr-3")) {
            Html page = page(List.of(TestBuilds.app(AppName.parse(name), "1.0.0")), Map.of());
            assertShows(page, "href=\"/ocpu/apps/" + name + "/\"");
            assertShows(page, "href=\"/apps/" + name + "\"");
            assertEquals(name.contains("@"), page.text().contains(">preview</span>"), page.text());
        }
    }

    @Test
    void noValueOfAnAppBecomesMarkup() {
        Gallery asked = new Gallery("script", Optional.empty(), 1);
        Html page = GALLERY.page(asked, asked.in(List.of(app(HtmlTest.ATTACK))), Map.of(), "http://" + HtmlTest.ATTACK);
        assertFalse(page.text().contains("<script>"), page.text());
        assertShows(page, HtmlTest.ESCAPED);
        Gallery odd = new Gallery(HtmlTest.ATTACK, Optional.of(HtmlTest.ATTACK), 1);
        Html nothing = GALLERY.page(odd, odd.in(List.of(app("x"))), Map.of(), WEBHOOK);
        assertFalse(nothing.text().contains("<script>"), nothing.text());
        assertShows(nothing, "Nothing matches of " + HtmlTest.ESCAPED);
    }

    @Test
    void aServerWithoutAppsTellsHowToBegin() {
        Html page = page(List.of(), Map.of());
        assertShows(page, "No app is here yet");
        assertShows(page, "Add a webhook");
        assertFalse(page.text().contains("id=\"search\""), page.text());
    }

    @Test
    void manyAppsAreOnSeveralPagesThatKeepWhatIsLookedFor() {
        List<AppView> apps = Stream.iterate(1, n -> n <= 50, n -> n + 1)
                .map(n -> TestBuilds.app(new AppName("Ada", "hello" + n), "1.0.0"))
                .toList();
        Gallery second = new Gallery("hello", Optional.of("ada"), 2);
        Html page = GALLERY.page(second, second.in(apps), Map.of(), WEBHOOK);
        assertShows(page, "25–48 of 50 apps of ada with “hello”");
        assertShows(page, "<a rel=\"prev\" href=\"/?q=hello&amp;owner=ada&amp;page=1\">Previous</a>");
        assertShows(page, "Page 2 of 3");
        assertShows(page, "<a rel=\"next\" href=\"/?q=hello&amp;owner=ada&amp;page=3\">Next</a>");
        assertShows(page, "<option value=\"Ada\" selected>Ada (50)</option>");
        Html beyond = GALLERY.page(ANY, new Gallery("", Optional.empty(), 999).in(apps), Map.of(), WEBHOOK);
        assertShows(beyond, "Page 3 of 3");
    }

    private static Html page(List<AppView> apps, Map<AppName, BuildView> newest) {
        return GALLERY.page(ANY, ANY.in(apps), newest, WEBHOOK);
    }

    private static void assertShows(Html page, String text) {
        assertTrue(page.text().contains(text), () -> "no " + text + " in\n" + page.text());
    }

    private static AppView app(String title) {
        AppView app = TestBuilds.app(new AppName("Ada", "hello"), "1.0.0");
        return new AppView(app.name(), app.packageName(), title, app.about(), false, app.versions(), app.bytes());
    }
}
