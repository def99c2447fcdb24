package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;
import static org.ocpu.webapp.TestBuilds.NOON;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.app.SessionCount;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;
import org.ocpu.builder.VersionView;

/** What the page of an app shows of the records it gets. */
class AppHtmlTest {
    private static final String SITE = "http://localhost:8004";
    private static final AppHtml PAGES =
            new AppHtml(new Frame("/ocpu", false, true), NOON.plus(Duration.ofHours(3)), SITE);
    private static final AppHtml PLAIN =
            new AppHtml(new Frame("/ocpu", false, false), NOON.plus(Duration.ofHours(3)), SITE);

    private static final String OUTLINE = """
            {"functions":[
              {"name":"greet","title":"Say <Hello>","topic":"greet page","usage":"greet(name)","description":"One.\\n\\nTwo.",
               "arguments":[{"name":"name","default":null,"required":true,"description":"whom"},
                            {"name":"how","default":"c(\\"a\\", \\"b\\")","required":false,"description":null,"choices":["a","b"]}],
               "value":null,"examples":null,"example":[],"draws":false},
              {"name":"%in%","title":null,"topic":null,"arguments":[{"name":"x","default":null}]}],
             "data":[{"name":"cats","title":"Cats","topic":"cats","description":"Weights.","class":"data.frame","rows":144,"columns":2,
               "head":{"columns":[{"name":"Sex","class":"factor"},{"name":"Bwt","class":"numeric"}],"names":["Tom","Kit"],
                       "rows":[["M","2.0"],["F",null]]}}],
             "objects":[]}
            """;

    private static Html outline() {
        try {
            Outline outline = Outline.of(new ObjectMapper().readTree(OUTLINE));
            return new OutlineHtml("/ocpu", "/ocpu/apps/ada/hello/", SITE, "/apps/ada/hello").of(outline);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static AppHtml.Told told(AppName name, String title, Optional<BuildView> newest, Html readme) {
        VersionView live = new VersionView(12, "1.1", "fedcba9876543210", "refs/heads/main", NOON, true, 2048);
        VersionView old = new VersionView(11, "1.0", "0123456789abcdef", "refs/tags/v1", NOON, false, 1024);
        AppView app = new AppView(name, "hello", title, "Says hello.", false, List.of(live, old), 3072);
        return new AppHtml.Told(
                app,
                newest,
                Map.of(12L, TestBuilds.build(12, name, State.SUCCEEDED, Optional.empty(), title)),
                true,
                true,
                Optional.of(URI.create("https://github.com/ada/hello")),
                new SessionCount("apps/ada/hello", 1234, 3, 4096),
                outline(),
                readme);
    }

    private static AppHtml.Told told() {
        return told(HELLO, "Hello there", Optional.empty(), new Html("<p>Read me.</p>"));
    }

    private static void assertShows(Html page, String text) {
        assertTrue(page.text().contains(text), () -> "no " + text + " in\n" + page.text());
    }

    @Test
    void theAppIsOpenedAndToldAbout() {
        Html page = PAGES.page(told());
        assertShows(page, "<a class=\"button primary\" href=\"/ocpu/apps/ada/hello/www/\">Open the app</a>");
        assertShows(page, "<h1>Hello there</h1>");
        assertShows(
                page,
                "<a href=\"/?owner=ada\">ada</a>/hello <span class=\"state\" data-state=\"succeeded\">live</span>");
        assertShows(page, "<p class=\"lead\">Says hello.</p>");
        assertShows(page, "<a href=\"https://github.com/ada/hello\">ada/hello</a>");
        assertShows(page, "<dt>Sessions made</dt><dd>1,234; 3 kept, 4 KB</dd>");
        assertShows(page, "<dt>Size</dt><dd>2 KB live, 3 KB in all</dd>");
        assertShows(
                page, "install.packages(&quot;hello&quot;, repos = &quot;http://localhost:8004/ocpu/repo/ada&quot;)");
        assertShows(
                page,
                "[![ocpu](http://localhost:8004/ocpu/apps/ada/hello/badge.svg)](http://localhost:8004/apps/ada/hello)");
        assertShows(page, "<p>Read me.</p>");
    }

    @Test
    void functionsHaveTheirArgumentsAndSnippets() {
        Html page = PAGES.page(told());
        assertShows(page, "<details class=\"function\" id=\"fun-greet\" data-name=\"greet\" open>");
        assertShows(page, "<code>greet(name, how)</code> <span>Say &lt;Hello&gt;</span>");
        assertShows(page, "<p class=\"words\">One.</p>\n<p class=\"words\">Two.</p>");
        assertShows(page, "<dt><code>name</code> <span class=\"quiet\">required</span></dt><dd>whom</dd>");
        assertShows(page, "One of <code>a</code> <code>b</code>");
        assertShows(page, "aria-label=\"greet in Python\"");
        assertShows(page, "href=\"/ocpu/apps/ada/hello/man/greet%20page/html\"");
        assertShows(
                page,
                "href=\"/ocpu/test/#method=POST&amp;path=apps/ada/hello/R/greet/json&amp;name=name&amp;value=1&amp;mode=pick\"");
    }

    @Test
    void aFunctionInBriefLeadsToAllOfIt() {
        Html page = PAGES.page(told());
        assertShows(page, "id=\"fun-%in%\" data-name=\"%in%\" data-brief>");
        assertShows(page, "href=\"/apps/ada/hello?function=%25in%25#fun-%25in%25\"");
    }

    @Test
    void dataSetsShowTheirFirstRows() {
        Html page = PAGES.page(told());
        assertShows(page, "data.frame, 144 × 2");
        assertShows(
                page,
                "<th scope=\"col\">row</th><th scope=\"col\">Sex</th><th scope=\"col\" class=\"number\">Bwt</th>");
        assertShows(
                page,
                "<tr><th scope=\"row\">Kit</th><td>F</td><td class=\"number\"><span class=\"quiet\">NA</span></td></tr>");
        assertShows(page, "The first 2 of 144.");
    }

    @Test
    void versionsTellWhoPushedThemAndTheAdminMakesOneLive() {
        Html page = PAGES.page(told());
        assertShows(page, "<td>Hello there</td><td><a href=\"https://github.com/ada/hello/commit/fedcba9876543210\">");
        assertShows(page, "<td>v1</td>");
        assertShows(page, "data-does=\"rollback\" data-version=\"11\"");
        assertShows(page, "data-does=\"remove\"");
        Html plain = PLAIN.page(told());
        assertFalse(plain.text().contains("data-does"), plain.text());
        assertFalse(plain.text().contains("<dialog"), plain.text());
    }

    @Test
    void aFailedBuildIsSaidWithWhatStaysLive() {
        BuildView failed = TestBuilds.build(13, HELLO, State.FAILED, Optional.of("no"), "");
        Html page = PAGES.page(told(HELLO, "x", Optional.of(failed), Html.EMPTY));
        assertShows(page, "data-state=\"failed\">failing</span>");
        assertShows(page, "The last build failed at install");
        assertShows(page, "Version 1.1 stays live. <a href=\"/builds/13\">Build 13</a> tells why.");
        assertFalse(page.text().contains("id=\"readme\""), page.text());
    }

    @Test
    void withoutFunctionsThePageSaysWhy() {
        Html later = OutlineHtml.unknown(new AppOutlines.Answer(Optional.empty(), "R is <busy>.", true));
        assertShows(later, "data-pending");
        assertShows(later, "<p>R is &lt;busy&gt;.</p>");
        Html never = OutlineHtml.unknown(AppOutlines.Answer.problem("no"));
        assertFalse(never.text().contains("data-pending"));
    }

    @Test
    void noValueBecomesMarkup() {
        Html page = PAGES.page(told(HELLO, HtmlTest.ATTACK, Optional.empty(), Html.EMPTY));
        assertFalse(page.text().contains("<script>"), page.text());
        assertShows(page, HtmlTest.ESCAPED);
    }

    @Test
    void previewsAndPartsHaveTheirOwnAddresses() {
        for (String name : List.of("Ada/hello/part", "Ada/hello@feature~x")) {
            Html page = PAGES.page(told(AppName.parse(name), "x", Optional.empty(), Html.EMPTY));
            assertShows(page, "href=\"/ocpu/apps/" + name + "/www/\"");
            assertEquals(name.contains("@"), page.text().contains(">preview</span>"));
        }
    }
}
