package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The sample apps with the library's elements: a plot that follows a slider, and a table that is uploaded and explored. */
class SampleAppsBrowserIT {
    private static final Path SAMPLES = Path.of("src", "main", "samples");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void publish() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        server.publish("ocpu", "hello", SAMPLES.resolve("hello"));
        server.publish("ocpu", "geyser", SAMPLES.resolve("geyser"));
        server.publish("ocpu", "explore", SAMPLES.resolve("explore"));
        browser = new TestBrowser(directory.resolve("chromium"));
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

    private static void open(String app) {
        browser.prefer("light");
        browser.resize(1280, 900);
        browser.open(server.server.api() + "/apps/ocpu/" + app + "/www/");
    }

    private static void awaitText(String id, String pattern) {
        browser.await(textMatches(By.id(id), Pattern.compile("(?s)" + pattern)));
    }

    /** What is in the shadow of an element. */
    private static List<String> texts(String id, String css) {
        return browser.find(By.id(id)).getShadowRoot().findElements(By.cssSelector(css)).stream()
                .map(WebElement::getText)
                .toList();
    }

    private static String picture() {
        return browser.await(
                driver -> browser.find(By.id("plot")).getShadowRoot().findElements(By.cssSelector("img")).stream()
                        .map(image -> image.getDomProperty("src"))
                        .findFirst()
                        .orElse(null));
    }

    private static String source(String picture) {
        String session = picture.replaceFirst("^http://[^/]+", "").replaceFirst("/graphics/.*", "");
        return TestServer.text(server.get(session + "/source/text"));
    }

    private static void awaitDrawn(String part) {
        browser.await(driver -> browser.find(By.id("plot")).getDomAttribute("aria-busy") == null
                && source(picture()).contains(part));
    }

    @Test
    void theFirstAppIsAccessible() {
        open("hello");
        browser.type(By.id("name"), "Ada");
        browser.click(By.id("greet"));
        awaitText("greeting", "Hello, Ada!.*");
        browser.find(By.id("draw")).click();
        awaitText("summary", "n\\s+1,000\\b.*");
        browser.assertAccessible();
    }

    @Test
    void thePlotFollowsTheSliderWhichTheKeyboardMoves() {
        open("geyser");
        browser.await(textToBe(By.id("peaks"), "2 peaks, at 54 and 80 minutes."));
        String before = picture();
        WebElement slider = browser.find(By.id("bandwidth"));
        slider.sendKeys(Keys.END);
        browser.await(textToBe(By.id("minutes"), "15 minutes"));
        awaitText("peaks", "1 peak, at \\d+ minutes\\.");
        awaitDrawn("bandwidth = 15");
        assertNotEquals(before, picture());
        slider.sendKeys(Keys.HOME);
        awaitText("peaks", "\\d\\d peaks: mostly noise\\.");
        browser.await(
                driver -> driver.findElements(By.cssSelector("#rules button")).size() == 2);
        browser.click(By.cssSelector("#rules button"));
        browser.await(textToBe(By.id("peaks"), "2 peaks, at 54 and 80 minutes."));
    }

    @Test
    void thePlotIsDrawnForADarkPageAndThePageIsAccessible() {
        open("geyser");
        browser.await(textToBe(By.id("peaks"), "2 peaks, at 54 and 80 minutes."));
        browser.assertAccessible();
        browser.prefer("dark");
        awaitDrawn("dark = TRUE");
    }

    private static void upload(String name, String content) throws IOException {
        browser.find(By.id("file"))
                .sendKeys(Files.writeString(directory.resolve(name), content).toString());
    }

    @Test
    void anUploadedTableIsShownDescribedAndFitted() throws IOException {
        open("explore");
        upload("trees.csv", "height,name,girth\n10,ash,1\n20,oak,2\n31,elm,3\n,fir,4\n52,\"box, \"\"small\"\"\",5\n");
        awaitText("status", "trees\\.csv has 3 columns\\.");
        awaitDrawn("draw_line");
        assertEquals(List.of("trees.csv"), texts("table", "caption"));
        assertEquals(List.of("NA", "fir", "4"), texts("table", "tbody tr:nth-child(4) td"));
        assertEquals(
                "box, \"small\"", texts("table", "tbody tr:nth-child(5) td").get(1));
        browser.await(driver -> texts("columns", "tbody tr:first-child td")
                .equals(List.of("height", "number", "1", "5", "10", "28.25", "52", "18.010")));
        browser.await(driver -> texts("estimates", "tbody tr:nth-child(2) td").contains("for each girth"));
        assertEquals("10.5400", texts("estimates", "tbody tr:nth-child(2) td").get(1));
        new Select(browser.find(By.id("y"))).selectByVisibleText("girth");
        awaitText("line-error", "Choose two different columns\\.");
        new Select(browser.find(By.id("x"))).selectByVisibleText("height");
        browser.await(driver -> texts("estimates", "tbody tr:nth-child(2) td").contains("for each height"));
        browser.await(textToBe(By.id("line-error"), ""));
    }

    @Test
    void whatRSaysOfAFileIsShownAndTheNextOneIsTaken() throws IOException {
        open("explore");
        upload("empty.csv", "");
        awaitText("error", "The file is empty\\.");
        upload("names.csv", "a,b\n");
        awaitText("error", "The file has a first line with names, but no rows below it\\.");
        upload("semicolons.csv", "a;b\n1,5;x\n2,5;y\n");
        awaitText("status", "semicolons\\.csv has 2 columns\\.");
        browser.await(textToBe(By.id("error"), ""));
        browser.await(driver -> texts("table", "tbody tr:first-child td").equals(List.of("1.5", "x")));
        assertTrue(!browser.find(By.id("line")).isDisplayed(), "one column of numbers has no line");
    }

    @Test
    void theExampleNeedsNoFileAndThePageIsAccessible() {
        open("explore");
        browser.find(By.id("example")).sendKeys(Keys.ENTER);
        awaitText("status", "New York's air in 1973 has 6 columns\\.");
        awaitDrawn("draw_line");
        browser.await(driver -> texts("table", "[role=status]").equals(List.of("Rows 1 to 8 of 153")));
        browser.await(driver -> texts("estimates", "td").size() == 10);
        browser.assertAccessible();
        awaitDrawnFor("light");
        String light = picture();
        browser.prefer("dark");
        awaitDrawnFor("dark");
        assertNotEquals(light, picture());
    }

    private static void awaitDrawnFor(String scheme) {
        browser.await(driver -> Boolean.TRUE.equals(browser.driver.executeScript(
                "const plot = document.getElementById('plot'); return plot.args.dark === arguments[0] && plot.loaded !== null",
                scheme.equals("dark"))));
    }
}
