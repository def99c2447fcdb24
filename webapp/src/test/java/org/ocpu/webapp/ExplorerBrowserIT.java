package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.numberOfElementsToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** Picking functions and data in the explorer, filling in arguments, and looking at what comes, as a person with a browser does. */
class ExplorerBrowserIT {
    private static final By PICKED = By.id("picked");
    private static final By ABOUT = By.id("about");
    private static final String CALL = "#method=POST&mode=pick&path=library/";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;
    private static ExplorerPage page;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of("enable.api.cran", "false"));
        server.publish("ada", "hello", Path.of("src/main/samples/hello"));
        browser = new TestBrowser(directory.resolve("chromium"));
        page = new ExplorerPage(browser, server);
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
    void openPage() {
        page.open("");
    }

    @Test
    void aFunctionIsPickedWithTheKeyboardFilledInAndCalled() {
        page.library("apps");
        page.choose(ExplorerPage.PACKAGE, "hel", "ada/hello");
        page.choose(ExplorerPage.OBJECT, "hist", "histogram");
        page.write(ExplorerPage.argument("n"), "50");
        page.awaitText(ABOUT, "ada/hello::histogram Draw the Histogram.*Manual page.*");
        assertEquals("1", browser.find(ExplorerPage.argument("sd")).getDomAttribute("placeholder"));
        assertTrue(browser.find(By.cssSelector("[data-argument=n] .help"))
                .getText()
                .contains("how many numbers"));
        assertTrue(
                browser.find(By.linkText("Manual page"))
                        .getDomProperty("href")
                        .endsWith("/ocpu/apps/ada/hello/man/histogram/html"),
                "the manual page");
        browser.find(ExplorerPage.argument("n")).sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
        page.awaitStatus("201 Created");
        page.awaitText(By.id("cached"), "Cache MISS: .*");
        page.awaitText(By.id("asked"), "POST /ocpu/apps/ada/hello/R/histogram · [\\d,]+ ms · [\\d.]+ (bytes|kB)");
        browser.await(visibilityOfElementLocated(By.cssSelector(".plot img")));
        assertEquals("#method=POST&path=apps/ada/hello/R/histogram&name=n&value=50&mode=pick", page.fragment());
    }

    @Test
    void librariesWithNothingToPickSayWhy() {
        browser.await(textToBe(By.cssSelector("#pick-library [value=cran]"), "CRAN (switched off)"));
        browser.await(textToBe(By.cssSelector("#pick-library [value=bioc]"), "Bioconductor (empty)"));
        assertFalse(browser.find(By.cssSelector("#pick-library [value=bioc]")).isEnabled());
    }

    @Test
    void whatIsNotThereIsSaid() {
        page.write(ExplorerPage.PACKAGE, "nosuchpackage\n");
        browser.await(textToBe(PICKED, "There is no package “nosuchpackage” here."));
        page.open(CALL + "stats/R/nosuchfunction");
        browser.await(textToBe(PICKED, "stats exports no “nosuchfunction”."));
    }

    @Test
    void aDataSetIsATableThatCanBeSortedAndTurned() {
        page.open(CALL + "datasets/");
        page.choose(ExplorerPage.OBJECT, "mtc", "mtcars");
        page.awaitText(ABOUT, "datasets::mtcars .*data.frame, 32 rows, 11 columns.*");
        page.send();
        page.awaitStatus("200 OK");
        By first = By.cssSelector(".records tbody tr:first-child th");
        By mpg = By.xpath("//thead//button[text()='mpg']");
        browser.await(textToBe(first, "Mazda RX4"));
        browser.click(mpg);
        browser.await(textToBe(first, "Cadillac Fleetwood"));
        browser.click(mpg);
        browser.await(textToBe(first, "Toyota Corolla"));
        browser.click(By.xpath("//button[text()='Next']"));
        browser.await(textToBe(By.cssSelector(".records [role=status]"), "Rows 26 to 32 of 32"));
        new Select(browser.find(By.id("pick-format"))).selectByValue("csv");
        page.send();
        page.awaitResult("\"mpg\",\"cyl\".*");
    }

    @Test
    void valuesOfAllKindsGoIntoOneCall() throws Exception {
        Path csv = Files.writeString(directory.resolve("a.csv"), "a\n1\n");
        browser.click(By.id("send")); // leaves a session
        page.awaitStatus("201 Created");
        String key = browser.find(By.id("key")).getText();
        page.open(CALL + "base/R/list/json");
        for (String name : List.of("code", "json", "text", "session", "file")) {
            browser.await(visibilityOfElementLocated(By.id("add-named"))).click();
            WebElement row = lastRow();
            row.findElement(By.cssSelector("[data-part=name]")).sendKeys(name);
            new Select(row.findElement(By.cssSelector("[data-part=kind]"))).selectByValue(name);
        }
        value(0).sendKeys("1 + 1");
        value(1).sendKeys("{\"b\": [1, 2.5]}");
        value(2).sendKeys("it's \"x\" \\n");
        value(3).sendKeys("rno"); // found by what made it
        browser.await(visibilityOfElementLocated(By.cssSelector("[data-value='" + key + "']")))
                .click();
        browser.find(By.cssSelector("#formals [data-part=file]")).sendKeys(csv.toString());
        page.send();
        page.awaitStatus("201 Created");
        String expected =
                "\\{\\s*\"code\": \\[2],\\s*\"json\": \\{\\s*\"b\": \\[1, 2.5]\\s*},\\s*\"text\": \\[\"it's \\\\\"x\\\\\" "
                        + "\\\\\\\\n\"],\\s*\"session\": \\[[-\\d., ]+],\\s*\"file\": \\[\"a.csv\"].*";
        page.awaitText(By.cssSelector("#result pre"), expected);
        String made = page.runCurl(directory).replaceAll("\\s+", " ");
        assertTrue(made.matches("(?s)" + expected), made);
        assertTrue(page.fragment().contains("value=" + key + "&kind=session"), page.fragment());
    }

    @Test
    void whatIsNoJsonAndNoKeyIsNotSent() {
        page.open(CALL + "base/R/sum&name=x&value=[1,&kind=json");
        browser.await(visibilityOfElementLocated(By.cssSelector("#formals [data-part=name]")));
        page.send();
        page.awaitStatus("The value of “x” is not JSON: .*");
        page.open(CALL + "base/R/sum&name=x&value=abc&kind=session");
        browser.await(visibilityOfElementLocated(By.cssSelector("#formals [data-part=name]")));
        page.send();
        page.awaitStatus("“abc”, the value of “x”, is not the key of a session.*");
    }

    @Test
    void aSessionIsATreeWhoseBranchesOpen() {
        page.open(
                CALL
                        + "base/R/identity&name=x&value={cat(\"hi\"); message(\"note\"); warning(\"care\"); write.csv(women, \"w.csv\"); women}");
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("x")));
        page.send();
        By value = ExplorerPage.branch("R/.val");
        page.awaitText(value, "Value.*Table.*Rows 1 to 15 of 15.*");
        browser.find(value).findElement(By.xpath(".//button[text()='JSON']")).click();
        page.awaitText(value, ".*0: \\{2} \\{\"height\":58,\"weight\":115}.*");
        browser.find(value).findElement(By.xpath(".//button[text()='Print']")).click();
        page.awaitText(value, ".*   height weight\\s+1 .*");
        page.unfold("console");
        page.awaitText(By.cssSelector("[data-kind=message]"), "message\\s+note");
        page.awaitText(By.cssSelector("[data-kind=warning]"), "warning\\s+care");
        page.awaitText(By.cssSelector("[data-kind=output]"), "hi.*");
        page.unfold("files");
        page.unfold("files/w.csv");
        page.awaitText(ExplorerPage.branch("files/w.csv"), ".*\"1\",58,115.*Download.*bytes.*");
        page.unfold("info");
        page.awaitText(ExplorerPage.branch("info"), ".*R version .*");
    }

    @Test
    void aPlotIsEnlargedAndDownloadedInAnySize() {
        page.open(CALL + "graphics/R/plot&name=x&value=cars");
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("x")));
        page.send();
        browser.await(visibilityOfElementLocated(By.cssSelector(".zoom img"))).click();
        browser.await(visibilityOfElementLocated(By.cssSelector("dialog[open] img")));
        browser.find(By.cssSelector("dialog")).sendKeys(Keys.ESCAPE);
        browser.await(numberOfElementsToBe(By.cssSelector("dialog"), 0));
        page.write(By.xpath("//label[contains(., 'Width')]/input"), "300");
        for (String format : List.of("png", "svg", "pdf")) {
            By link = By.xpath("//a[text()='" + format.toUpperCase(Locale.ROOT) + "']");
            URI address = URI.create(browser.find(link).getDomProperty("href"));
            assertTrue(address.getPath().endsWith("/graphics/1/" + format), address.toString());
            assertTrue(address.getQuery().matches("width=(300|4.167)&.*"), address.toString());
            assertEquals(
                    200,
                    server.get(address.getPath() + "?" + address.getRawQuery()).statusCode());
        }
    }

    @Test
    void backAndForwardGoThroughWhatWasPicked() {
        page.choose(ExplorerPage.OBJECT, "runi", "runif");
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("min")));
        browser.driver.navigate().back();
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("sd")));
        browser.await(attributeToBe(ExplorerPage.OBJECT, "value", "rnorm"));
        browser.driver.navigate().forward();
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("min")));
    }

    @Test
    void sessionsAreRememberedInThisBrowserUntilTheyAreForgotten() {
        page.send();
        page.awaitStatus("201 Created");
        browser.click(By.id("tab-history"));
        assertFalse(page.fragment().contains("x0"), page.fragment());
        By entries = By.cssSelector("#sessions li");
        browser.find(By.xpath("//*[@id='sessions']//button[text()='library/stats/R/rnorm']"))
                .click();
        page.awaitStatus("Session");
        page.awaitText(ExplorerPage.branch("R/.val"), "Value.*\\[1].*");
        browser.driver.executeScript("""
                const name = Object.keys(localStorage).find((key) => key.includes("sessions"));
                localStorage.setItem(name, '[{"id": "x0123456789abcdef0123456789", "title": "long ago", "at": 1}]');
                """);
        page.open("#mode=history");
        browser.find(By.xpath("//*[@id='sessions']//button[text()='long ago']")).click();
        page.awaitStatus("This session is there no more.*");
        browser.await(numberOfElementsToBe(entries, 0));
    }

    @Test
    void whatIsShownAsCodeRuns() throws IOException, InterruptedException {
        page.open(CALL + "base/R/paste/json&name=...&value='a', \"b\"&name=sep&value='&kind=text");
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("...")));
        assertEquals("[\"a'b\"]\n", page.runCurl(directory));
        assertEquals("[[\"a'b\"]]", page.runJavaScript());
    }

    @Test
    void itIsAccessible() {
        browser.await(visibilityOfElementLocated(ExplorerPage.argument("n")));
        page.send();
        page.awaitText(ExplorerPage.branch("R/.val"), "Value.*\\[1].*");
        browser.assertAccessible();
        browser.find(ExplorerPage.OBJECT).click();
        browser.await(visibilityOfElementLocated(By.cssSelector("[role=option]")));
        assertEquals(List.of(), browser.violations());
        for (String tab : List.of("tab-hand", "tab-history")) {
            browser.find(By.id(tab)).click();
            browser.await(attributeToBe(By.id(tab), "aria-selected", "true"));
            assertEquals(List.of(), browser.violations(), tab);
        }
    }

    @Test
    void aRequestByHandBecomesAFormAndAFormARequestByHand() {
        page.open("#method=GET&path=library/stats/R/rnorm");
        browser.click(By.id("tab-pick"));
        page.write(ExplorerPage.argument("n"), "2");
        browser.click(By.id("tab-hand"));
        assertEquals("POST", browser.find(By.id("method")).getDomProperty("value"));
        assertEquals(
                "2", browser.find(By.cssSelector("#rows [data-part=value]")).getDomProperty("value"));
        new Select(browser.find(By.id("body"))).selectByValue("json");
        page.write(By.id("json"), "{\"mean\": [1, 2]}");
        browser.click(By.id("tab-pick"));
        browser.await(attributeToBe(ExplorerPage.argument("mean"), "value", "[1,2]"));
    }

    private static WebElement lastRow() {
        List<WebElement> rows = browser.driver.findElements(By.cssSelector("#formals [data-part=row]"));
        return rows.get(rows.size() - 1);
    }

    private static WebElement value(int row) {
        return browser.driver
                .findElements(By.cssSelector("#formals [data-part=row]"))
                .get(row)
                .findElement(By.cssSelector("[data-part=value]"));
    }
}
