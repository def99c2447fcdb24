package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.builder.Readme;

class ReadmeHtmlTest {
    private static final URI PAGE = URI.create("https://github.com/ada/hello");

    private static String html(String text) {
        return ReadmeHtml.of(new Readme(text, "r/pkg/README.md", Optional.of(PAGE), "abc", true))
                .text();
    }

    private static String local(String text) {
        return ReadmeHtml.of(new Readme(text, "README.md", Optional.empty(), "abc", true))
                .text();
    }

    @Test
    void headingsAreBelowThoseOfThePageAndLeaveOutNoLevel() {
        String html = html("# One\n\n### Two\n\n# One\n\n###### Deep & down\n");
        assertEquals("""
                <h3 id="readme-one">One</h3>
                <h4 id="readme-two">Two</h4>
                <h3 id="readme-one-1">One</h3>
                <h4 id="readme-deep--down">Deep &amp; down</h4>
                """, html);
        assertTrue(html("[up](#One)").contains("href=\"#readme-one\""));
    }

    @ParameterizedTest
    @CsvSource({
        "docs/a.md,https://github.com/ada/hello/blob/abc/r/pkg/docs/a.md",
        "../x y.md,https://github.com/ada/hello/blob/abc/r/x%20y.md",
        "/top.md#part,https://github.com/ada/hello/blob/abc/top.md#part",
        "../../../../etc,https://github.com/ada/hello/blob/abc/etc",
        "https://example.org/?a=1,https://example.org/?a=1",
        "//example.org/x,https://example.org/x",
        "mailto:a@example.org,mailto:a@example.org"
    })
    void linksLeadToTheRepositoryOrElsewhere(String written, String address) {
        assertTrue(html("[x](<" + written + ">)").contains("href=\"" + address + "\""), html("[x](<" + written + ">)"));
    }

    @Test
    void withoutAPageOfTheRepositoryLinksIntoItAreText() {
        assertEquals("<p>see the manual</p>\n", local("see [the manual](man/x.Rd)"));
        assertEquals("<p>a plot</p>\n", local("![a plot](man/x.png)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[x](javascript:alert(1))",
                "[x](JaVaScRiPt:alert(1))",
                "[x](data:text/html,<script>alert(1)</script>)",
                "[x](vbscript:x)",
                "<javascript:alert(1)>",
                "![x](javascript:alert(1))",
                "[x](<java\tscript:alert(1)>)",
                "<img src=x onerror=alert(1)>",
                "<script>alert(1)</script>",
                "a <b onclick=x>c</b>",
                "[x]: javascript:alert(1)\n\n[x]",
                "[![x](javascript:a)](javascript:b)",
                "```\"><script>\n</script>\n```"
            })
    void nothingInItCanDoAnything(String text) {
        for (String html : new String[] {html(text), local(text)}) {
            assertFalse(html.matches("(?is).*(href|src)=\"\\s*(javascript|data|vbscript).*"), html);
            assertFalse(html.matches("(?is).*<(script|img|b)[ >].*"), html);
        }
    }

    @Test
    void picturesAreLinksToThem() {
        assertEquals(
                "<p><a rel=\"nofollow\" href=\"https://example.org/x.png\">A plot</a></p>\n",
                html("![A plot](https://example.org/x.png)"));
        assertTrue(html("![](https://example.org/x.png)").contains(">x.png</a>"));
        assertEquals(
                "<p><a rel=\"nofollow\" href=\"https://example.org/\">check</a></p>\n",
                html("[![check](https://example.org/x.svg)](https://example.org/)"));
    }

    @Test
    void commentsAreLeftOutAndOtherHtmlIsShownAsWritten() {
        assertEquals("<p>a  b</p>\n", html("<!-- badges: start -->\n\na <!-- x --> b"));
        assertTrue(html("<p align=\"center\">x</p>").contains("&lt;p align=&quot;center&quot;&gt;"));
    }

    @Test
    void tablesTasksAndStruckTextAreAsOnGitHub() {
        String html = html("| a | b |\n| - | - |\n| 1 | ~~2~~ |\n\n- [x] done\n\nhttps://example.org\n");
        assertTrue(html.contains("<table tabindex=\"0\">"), html);
        assertTrue(html.contains("<del>2</del>"), html);
        assertTrue(html.contains("aria-label=\"done\""), html);
        assertTrue(html.contains("<a rel=\"nofollow\" href=\"https://example.org\">"), html);
        assertTrue(html("    code").startsWith("<pre tabindex=\"0\">"));
    }

    @Test
    void whatIsNoMarkdownIsPlain() {
        String html = ReadmeHtml.of(new Readme("# <b>x", "README", Optional.empty(), "abc", true))
                .text();
        assertEquals("<pre class=\"plain\" tabindex=\"0\" aria-label=\"README\"># &lt;b&gt;x</pre>\n", html);
    }

    @ParameterizedTest
    @ValueSource(strings = {">", "* ", "[", "![", "**a *b ", "<a ", "`", "(", "1. "})
    void whatIsNestedWithoutMeasureHarmsNobody(String text) {
        assertFalse(html(text.repeat(20_000)).isBlank());
    }
}
