package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ocpu.webapp.Outline.Argument;
import org.ocpu.webapp.Outline.Callable;
import org.ocpu.webapp.Outline.Given;

class SnippetTest {
    private static final String BASE = "http://localhost:8004/ocpu/apps/ada/hello/";

    private static Argument argument(String name, String standard) {
        boolean required = standard == null && !name.equals("...");
        return new Argument(name, Optional.ofNullable(standard), required, Optional.empty(), List.of());
    }

    private static Callable function(String name, boolean draws, List<Given> example, Argument... arguments) {
        return new Callable(
                name,
                Optional.empty(),
                Optional.empty(),
                List.of(arguments),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                example,
                draws);
    }

    private static String code(Callable function, String language) {
        return Snippet.of(BASE, function).all().stream()
                .filter(code -> code.language().equals(language))
                .map(Snippet.Code::text)
                .collect(Collectors.joining());
    }

    @Test
    void theArgumentsAreThoseOfTheExampleAndWhatIsRequired() {
        Callable function = function(
                "f",
                false,
                List.of(new Given("x", "1:3"), new Given("odd", "1")),
                argument("x", null),
                argument("y", null),
                argument("z", "2"));
        assertEquals(List.of(new Given("x", "1:3"), new Given("y", "1")), Snippet.given(function));
    }

    @Test
    void withoutThoseAFewWithAPlainDefaultShowHow() {
        Callable function = function(
                "f",
                false,
                List.of(),
                argument("a", "NULL"),
                argument("b", "TRUE"),
                argument("c", "c(1, 2)"),
                argument("d", "\"x\""),
                argument("e", "1"));
        assertEquals(List.of(new Given("b", "TRUE"), new Given("d", "\"x\"")), Snippet.given(function));
    }

    @Test
    void plainValuesAreJsonAndOthersAreRCode() {
        List<Given> plain = List.of(new Given("n", "3L"), new Given("s", "\"it's: true\""), new Given("b", "TRUE"));
        Callable simple = function("f", false, plain, argument("...", null));
        assertTrue(code(simple, "Python").contains("json.dumps({\"n\": 3, \"s\": \"it's: true\", \"b\": True})"));
        assertTrue(
                code(simple, "JavaScript").contains("JSON.stringify({\"n\": 3, \"s\": \"it's: true\", \"b\": true})"));
        Callable other = function("f", false, List.of(new Given("x", "c(1, 2)")), argument("x", null));
        assertTrue(code(other, "Python").contains("urllib.parse.urlencode({\"x\": \"c(1, 2)\"})"));
        assertTrue(code(other, "JavaScript").contains("new URLSearchParams({ \"x\": \"c(1, 2)\" })"));
    }

    @Test
    void aPlotIsSavedAndAValueIsShown() {
        Callable plot = function("draw it", true, List.of(), argument("n", "3"));
        assertEquals(
                "curl -sS 'http://localhost:8004/ocpu/apps/ada/hello/R/draw%20it/png' \\\n  --data-urlencode 'n=3' \\\n  -o 'draw_it.png'",
                code(plot, "curl"));
        assertTrue(code(plot, "R").contains("\"-o\", \"draw_it.png\""), code(plot, "R"));
        assertTrue(code(plot, "Python").contains("open(\"draw_it.png\", \"wb\")"));
        assertTrue(code(function("f", false, List.of()), "curl").endsWith("/R/f/json' -d ''"));
    }

    @Test
    void quotesDoNotEndTheWordsOfAShell() {
        Callable function = function("f", false, List.of(new Given("s", "\"it's\"")), argument("s", null));
        assertTrue(code(function, "curl").contains("'s=\"it'\\''s\"'"), code(function, "curl"));
    }

    @Test
    void theExplorerIsToldTheSameCall() {
        Callable function = function("f", false, List.of(new Given("s", "\"a/b\"")), argument("s", null));
        assertEquals(
                "#method=POST&path=apps/ada/hello/R/f/json&name=s&value=%22a/b%22&mode=pick",
                Snippet.of(BASE, function).fragment("/ocpu"));
    }
}
