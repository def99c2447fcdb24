package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the page about an error shows. */
class ErrorHtmlTest {
    private static final ErrorHtml PAGES = new ErrorHtml(new Frame("/ocpu", false, true));

    @Test
    void itSaysWhatHappenedAndWhereToGoOn() {
        Html page = PAGES.page(404, "There is nothing at /x\n", Optional.empty());
        assertShows(page, "<h1>Not Found</h1>");
        assertShows(page, "<p class=\"lead\">There is nothing at /x</p>");
        assertShows(page, "<label for=\"q\">Look for an app</label>");
        assertShows(page, "href=\"/ocpu/test/\"");
        assertShows(PAGES.page(401, "This needs a password.", Optional.empty()), "Reload this page");
        assertShows(PAGES.page(503, "All workers are busy.", Optional.empty()), "Try again</a>");
    }

    @Test
    void anErrorThatNobodyExpectedHasItsNumberAndLeadsTheAdminToIt() {
        assertShows(PAGES.page(500, "Something went wrong", Optional.of("0a1b2c3d")), ">0a1b2c3d</pre>");
        assertShows(PAGES.page(500, "Something went wrong", Optional.of("0a1b2c3d")), "href=\"/admin#error-0a1b2c3d\"");
        Html without = new ErrorHtml(new Frame("/ocpu", false, false)).page(500, "x", Optional.of("0a1b2c3d"));
        assertFalse(without.text().contains("/admin"), without.text());
    }

    @Test
    void anErrorOfRKeepsItsLinesAndBecomesNoMarkup() {
        Html page = PAGES.page(400, "object 'x' not found\n\nIn call:\nf(" + HtmlTest.ATTACK + ")\n", Optional.empty());
        assertShows(page, "object &#39;x&#39; not found\n\nIn call:\nf(" + HtmlTest.ESCAPED + ")</pre>");
        assertFalse(page.text().contains("<script>"), page.text());
    }

    private static void assertShows(Html page, String text) {
        assertTrue(page.text().contains(text), () -> "no " + text + " in\n" + page.text());
    }
}
