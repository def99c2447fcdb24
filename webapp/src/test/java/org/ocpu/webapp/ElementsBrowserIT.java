package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.SearchContext;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** {@code <ocpu-plot>} and {@code <ocpu-table>} on a page of an app, in the sandbox that apps are served in. */
class ElementsBrowserIT {
    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void publish() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        server.publish("ada", "widgets", Path.of("src", "test", "apps", "widgets"));
        browser = new TestBrowser(directory.resolve("chromium"));
        browser.driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void openThePage() {
        browser.resize(1000, 900);
        open("");
    }

    private static void open(String page) {
        browser.open(server.server.api() + "/apps/ada/widgets/www/" + page);
        await("return globalThis.put");
    }

    private static Object run(String script, Object... arguments) {
        return browser.driver.executeScript(script, arguments);
    }

    /** What a script returns, once that is something. */
    private static Object await(String script, Object... arguments) {
        return browser.await(driver -> {
            Object found = run(script, arguments);
            return Boolean.FALSE.equals(found) ? null : found;
        });
    }

    private static void put(String call) {
        run("put(" + call + ")");
    }

    private static void awaitEvent(String event) {
        await("return events.includes(arguments[0]) && !element.hasAttribute('aria-busy')", event);
    }

    private static SearchContext shadow() {
        return browser.find(By.cssSelector("#place > *")).getShadowRoot();
    }

    private static WebElement find(String css) {
        return shadow().findElement(By.cssSelector(css));
    }

    private static List<String> texts(String css) {
        return shadow().findElements(By.cssSelector(css)).stream()
                .map(WebElement::getText)
                .toList();
    }

    private static String picture() {
        return find("img").getDomProperty("src");
    }

    private static String session() {
        return picture().replaceFirst("/graphics/.*", "");
    }

    private static void awaitAlert(String message) {
        awaitEvent("error " + message);
        WebElement alert = find("[role=alert]");
        assertTrue(alert.isDisplayed());
        assertEquals(message, alert.getText());
    }

    @Test
    void aPlotIsDrawnInTheSizeThatItIsShownAtAndAgainWhenThatChanges() {
        put("'ocpu-plot', { fun: 'draw', 'aspect-ratio': '2', alt: 'Three points' }");
        long before = height();
        awaitEvent("load");
        long width = (long) run("return element.clientWidth");
        assertTrue(picture().endsWith("/graphics/2/png?width=" + width + "&height=" + width / 2), picture());
        assertEquals(width, run("return element.shadowRoot.querySelector('img').naturalWidth"));
        assertEquals("Three points", find("img").getDomAttribute("alt"));
        assertEquals(before, height(), "the page moves when the picture comes");

        String session = session();
        browser.resize(500, 900);
        await("return element.shadowRoot.querySelector('img').naturalWidth === element.clientWidth");
        assertTrue((long) run("return element.clientWidth") < width);
        assertEquals(session, session(), "a plot is not called for again only to be drawn in another size");
    }

    private static long height() {
        return ((Number) run("return Math.round(element.getBoundingClientRect().height)")).longValue();
    }

    @Test
    void onScreensWithDensePixelsItIsAVectorGraphic() {
        Map<String, Object> dense = Map.of("width", 800, "height", 900, "deviceScaleFactor", 2, "mobile", false);
        put("'ocpu-plot', { fun: 'draw' }");
        awaitEvent("load");
        assertTrue(picture().contains("/png?"), picture());
        browser.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", dense);
        await("return element.shadowRoot.querySelector('img').src.includes('/svg?')");
        await("return element.shadowRoot.querySelector('img').naturalWidth > 0");
    }

    @Test
    void theNewestArgumentsWinAndAPictureIsAlwaysShown() {
        put("'ocpu-plot', { fun: 'draw', args: '{\"n\": 2}' }");
        awaitEvent("load");
        run("""
                const frame = element.shadowRoot.querySelector("[part=frame]");
                globalThis.bare = 0;
                const look = () => { if (!frame.querySelector("img")?.naturalWidth) bare++; };
                new MutationObserver(look).observe(frame, { childList: true });
                for (let n = 3; n <= 30; n++) setTimeout(() => { element.args = { n }; }, 10 * n);
                """);
        await("return element.args.n === 30 && element.loaded && !element.hasAttribute('aria-busy')");
        assertTrue(server.get(path(session()) + "/source/text").body().length > 0);
        assertTrue(TestServer.text(server.get(path(session()) + "/source/text")).contains("n = 30"));
        assertEquals(0L, run("return bare"));
    }

    private static String path(String address) {
        return address.replaceFirst("^http://[^/]+", "");
    }

    @Test
    void aCallThatTakesLongIsAbortedForANewerOne() {
        put("'ocpu-plot', { fun: 'draw', args: '{\"n\": 0}' }"); // which would take ten minutes
        await("return element.getAttribute('aria-busy') === 'true'");
        run("element.args = { n: 4 }");
        awaitEvent("load");
        assertEquals(List.of("load"), run("return events"));
        assertEquals(4L, run("return element.args.n"));
    }

    @Test
    void anErrorIsShownWithTheWordsOfRUntilACallSucceeds() {
        put("'ocpu-plot', { fun: 'draw', downloads: '' }");
        awaitEvent("load");
        run("element.args = { n: -1 }");
        awaitAlert("'n' must not be negative.");
        assertEquals(1, shadow().findElements(By.cssSelector("img")).size(), "the old picture stays");
        run("events.length = 0; element.args = { n: 2 }");
        awaitEvent("load");
        assertFalse(find("[role=alert]").isDisplayed());
        assertEquals(List.of("SVG", "PNG", "PDF"), texts("a"));
        String svg = find("a").getDomProperty("href");
        assertEquals(200, server.get(path(svg)).statusCode(), svg);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "fun: 'nothing' | The call made no plot.",
                "fun: 'draw', n: '3' | The call made 2 plots: there is no plot 3.",
                "fun: 'nosuch' | Package widgets has no object or data set 'nosuch'.",
                "fun: 'draw', args: '[1]' | Arguments are an object with the names of the function's arguments, such as { n: 10 }.",
                "fun: 'draw', src: 'http://127.0.0.1:1/R' | There is no answer from 127.0.0.1:1: it cannot be reached, or this page may not use it.",
                "fun: 'draw', src: 'http://' | 'http://' is not an address.",
            })
    void whatIsWrongIsSaid(String attributes, String message) {
        put("'ocpu-plot', { " + attributes + " }");
        awaitAlert(message);
    }

    @Test
    void argumentsThatAreNotJsonAreToldOf() {
        put("'ocpu-plot', { fun: 'draw', args: '{oops' }");
        await("return events.length");
        assertTrue(find("[role=alert]").getText().startsWith("The attribute args is not JSON: "));
        run("element.setAttribute('args', '{\"n\": 2}')");
        awaitEvent("load");
    }

    @Test
    void anElementThatIsTakenAwayLoadsNothingAndStartsAnewWhereItIsPut() {
        put("'ocpu-plot', { fun: 'draw', args: '{\"n\": 0}' }");
        await("return element.getAttribute('aria-busy') === 'true'");
        run("element.remove()");
        assertEquals(false, run("return element.hasAttribute('aria-busy')"));
        run("element.args = { n: 3 }; document.getElementById('place').append(element)");
        awaitEvent("load");
        assertEquals(List.of("load"), run("return events"));
    }

    @Test
    void aPlotThatIsNotSeenIsDrawnWhenItIs() {
        run("document.getElementById('place').hidden = true");
        put("'ocpu-plot', { fun: 'draw' }");
        await("return !element.hasAttribute('aria-busy')");
        run("document.getElementById('place').hidden = false");
        awaitEvent("load");
        assertTrue(picture().contains("/png?width="), picture());
    }

    @Test
    void aSessionCanBeShownAndWhatIsGoneIsSaid() {
        run("""
                library.ocpu("../R").call("draw", { n: 6 }).then((session) => put("ocpu-plot", { n: "1" }, { session }));
                """);
        awaitEvent("load");
        assertTrue(picture().contains("/graphics/1/png"), picture());
        put("'ocpu-plot', {}, { session: new library.ocpu.Session('" + server.server.api()
                + "/tmp/x0123456789abcdef01234567/', ['graphics/1'], {}) }");
        await("return events.length");
        assertTrue(find("[role=alert]").getText().startsWith("Session not found"));
    }

    @Test
    void bothWorkUnderAPolicyThatAllowsNothingInline() {
        open("strict.html");
        put("'ocpu-plot', { fun: 'draw', 'aspect-ratio': '4' }");
        awaitEvent("load");
        assertEquals(4.0, ((Number) run("return element.clientWidth / element.clientHeight")).doubleValue(), 0.1);
        put("'ocpu-table', { fun: 'numbers' }");
        awaitEvent("load");
        assertEquals("right", find("td.number").getCssValue("text-align").replace("end", "right"));
    }

    @Test
    void aTableShowsADataFrameInPages() {
        put("'ocpu-table', { fun: 'numbers', caption: 'Some numbers' }");
        awaitEvent("load");
        assertEquals("Some numbers", find("caption").getText());
        assertEquals(List.of("", "number", "whole", "text", "odd", "limit", "day"), texts("thead th"));
        assertEquals(List.of("4.25", "1", "item 1", "TRUE", "0.001", "2024-01-02"), texts("tbody tr:first-child td"));
        assertEquals(
                List.of("8.50", "NA", "item 2", "FALSE", "0.001", "2024-01-03"), texts("tbody tr:nth-child(2) td"));
        assertEquals("NA", find("tbody tr:nth-child(3) td:nth-child(4)").getText());
        assertEquals("Inf", find("tbody tr:nth-child(4) td:nth-child(6)").getText());
        assertEquals("row 1", find("tbody th[scope=row]").getText());
        assertEquals("Rows 1 to 20 of 45", find("[role=status]").getText());
        find(".bar button:last-of-type").click();
        find(".bar button:last-of-type").click();
        assertEquals("Rows 41 to 45 of 45", find("[role=status]").getText());
        assertEquals("row 41", find("tbody th").getText());
        assertFalse(find(".bar button:last-of-type").isEnabled());
        String csv = TestServer.text(server.get(path(find("a").getDomProperty("href"))));
        assertTrue(csv.startsWith("\"number\",\"whole\",\"text\""), csv);
    }

    @Test
    void columnsAreSortedByMouseAndKeyboardWithNaAtTheEnd() {
        put("'ocpu-table', { fun: 'numbers', 'page-size': '45' }");
        awaitEvent("load");
        find("thead th:nth-child(3) button").click();
        assertEquals("ascending", find("thead th:nth-child(3)").getDomAttribute("aria-sort"));
        assertEquals("1", find("tbody tr:first-child td:nth-child(3)").getText());
        assertEquals("NA", find("tbody tr:last-child td:nth-child(3)").getText());
        new Actions(browser.driver).sendKeys(Keys.ENTER).perform(); // where the focus is
        assertEquals("descending", find("thead th:nth-child(3)").getDomAttribute("aria-sort"));
        assertEquals("45", find("tbody tr:first-child td:nth-child(3)").getText());
        assertEquals("NA", find("tbody tr:last-child td:nth-child(3)").getText());
        new Actions(browser.driver).sendKeys(Keys.SPACE).perform();
        assertEquals("none", find("thead th:nth-child(3)").getDomAttribute("aria-sort"));
        assertEquals("row 1", find("tbody th").getText());
        find("thead th:nth-child(4) button").click();
        assertEquals("item 2", find("tbody tr:nth-child(2) td:nth-child(4)").getText(), "words with numbers by these");
    }

    @Test
    void aTableShowsADataSetASessionAndRowsOfThePage() {
        put("'ocpu-table', { src: '../../../../library/datasets/R/women' }");
        awaitEvent("load");
        assertEquals("15 rows", find("[role=status]").getText());
        run("""
                library.ocpu("../R").call("echo", { x: [[1, 2], [3, 4]] }).then((session) => put("ocpu-table", {}, { session }));
                """);
        await("return !element.hasAttribute('src') && events.includes('load')");
        assertEquals(List.of("1", "2", "3", "4"), texts("td"));
        put("'ocpu-table', {}, { rows: [{ a: 1, b: '<b>x</b>' }, { a: null }] }");
        awaitEvent("load");
        assertEquals(List.of("1", "<b>x</b>", "NA", "NA"), texts("td"));
        assertFalse(find("a").isDisplayed());
        run("events.length = 0; element.rows = []");
        awaitEvent("load");
        assertEquals("0 rows", find("[role=status]").getText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "fun: 'nothing' | The value is not a table: a data frame, a matrix or a vector can be shown as one.",
                "fun: 'draw', args: '{\"n\":-1}' | 'n' must not be negative.",
                "src: '../R/missing' | Package widgets has no object or data set 'missing'.",
            })
    void whatIsNoTableIsSaid(String attributes, String message) {
        put("'ocpu-table', { " + attributes + " }");
        awaitAlert(message);
    }

    @Test
    void bothAreAccessible() {
        run("""
                document.getElementById("place").replaceChildren();
                for (const [name, attributes] of [["ocpu-plot", { fun: "draw", alt: "Points", downloads: "" }],
                    ["ocpu-table", { fun: "numbers", caption: "Numbers" }], ["ocpu-plot", { fun: "draw", args: '{"n":-1}' }]]) {
                  const element = document.createElement(name);
                  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
                  document.getElementById("place").append(element);
                }
                """);
        await("return events.length >= 3 && !document.querySelector('[aria-busy]')");
        browser.assertAccessible();
    }

    @Test
    void aPageCallsUploadsAndAbortsWithoutAnOrigin() {
        Object told = browser.driver.executeAsyncScript("""
                const done = arguments[0];
                const { call, rpc } = library.ocpu("../R");
                const control = new AbortController();
                const file = new File(["x,y\\n1,2\\n2,4\\n"], "t.csv");
                (async () => {
                  const data = await call("read_table", { file, header: true });
                  const model = await call("fit", { data });
                  const failed = await call("draw", { n: -1 }).catch((error) => error);
                  const slow = call("draw", { n: 0 }, { signal: control.signal }).catch((error) => error.name);
                  control.abort();
                  return [self.origin, (await data.value()).length, (await model.text()).includes("2"), failed.message,
                    failed instanceof library.OcpuError, (await failed.session.source()).startsWith("draw("), await slow,
                    await rpc("echo", { x: "é" })];
                })().then(done, (error) => done(String(error)));
                """);
        assertEquals(List.of("null", 2L, true, "'n' must not be negative.", true, true, "AbortError", "é"), told);
    }
}
