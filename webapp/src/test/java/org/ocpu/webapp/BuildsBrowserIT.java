package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeContains;
import static org.openqa.selenium.support.ui.ExpectedConditions.invisibilityOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.numberOfElementsToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.presenceOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.urlToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.AppName;
import org.ocpu.builder.State;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What people and the admin see and do on the pages about builds of a real server, with a browser. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BuildsBrowserIT {
    private static final By ROWS = By.cssSelector("tr[data-build]");
    private static final By NEWER = By.cssSelector("#newer button");
    private static final By SAID = By.id("said");
    private static final By FIELD = By.id("token-field");
    private static final String LOUD = "message('\\033[31mred\\033[0m <b>bold</b>')\n";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        token = new AdminToken(server.data).renew();
        browser = new TestBrowser(directory.resolve("chromium"));
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    private static void open(String path) {
        browser.open(server.address() + path);
    }

    private static long push(String owner, String repo, String version, String code) throws Exception {
        return server.push(owner, repo, SmallPackage.write(directory.resolve(owner + repo), version, code));
    }

    private static long finished(long build) throws Exception {
        server.finished(build);
        return build;
    }

    private static By row(long build) {
        return By.cssSelector("tr[data-build='" + build + "']");
    }

    private static By inRow(long build, String part) {
        return By.cssSelector("tr[data-build='" + build + "'] " + part);
    }

    private static List<String> listed() {
        return browser.driver.findElements(ROWS).stream()
                .map(row -> row.getAttribute("data-build"))
                .toList();
    }

    private static WebElement focused() {
        return browser.driver.switchTo().activeElement();
    }

    private static void press(CharSequence keys) {
        focused().sendKeys(keys);
    }

    @Test
    @Order(1)
    void theListFollowsBuildsFromTheirPushToTheirEnd() throws Exception {
        open("/builds");
        assertEquals(
                "Nothing has been built yet. How to add a first app",
                browser.find(By.cssSelector("#list .empty")).getText());
        browser.assertAccessible();
        long fine = push("ada", "fine", "1.0", "f <- function() 1\n");
        browser.await(textToBe(inRow(fine, ".state"), "succeeded"));
        String stages = browser.find(inRow(fine, "span.bars")).getAttribute("aria-label");
        assertTrue(stages.matches("checkout succeeded [\\d.]+ s, dep.*, publish succeeded .* s, report .*"), stages);
        assertEquals(
                6, browser.driver.findElements(inRow(fine, "i[data-state=succeeded]")).size());
        long broken = push("bob", "broken", "1.0", LOUD + "stop('it is broken')\n");
        browser.await(textToBe(inRow(broken, ".state"), "failed"));
        assertEquals(List.of("" + broken, "" + fine), listed());
        assertTrue(browser.find(row(broken)).getText().contains("failed at install"));
        String why = server.server.builds().build(broken).orElseThrow().failure().orElseThrow();
        assertEquals(
                why.lines().findFirst().orElseThrow(),
                browser.find(inRow(broken, ".reason")).getText());
        browser.assertAccessible();
    }

    @Test
    @Order(2)
    void aRunningBuildShowsHowLongItTakesSoFar() throws Exception {
        open("/builds");
        long endless = push("carol", "endless", "1.0", "repeat Sys.sleep(0.1)\n");
        browser.await(presenceOfElementLocated(inRow(endless, "i[data-state=running]")));
        browser.await(textMatches(inRow(endless, ".elapsed"), Pattern.compile("[2-9] s")));
        server.server.builds().cancel(endless);
        browser.await(textToBe(inRow(endless, ".state"), "cancelled"));
        assertFalse(browser.driver.findElements(inRow(endless, ".elapsed")).iterator().hasNext());
    }

    @Test
    @Order(3)
    void whatIsTypedFiltersAndIsInTheAddress() throws Exception {
        open("/builds");
        browser.find(By.tagName("body")).sendKeys("/");
        assertEquals("q", focused().getAttribute("id"));
        press("BROKEN bob");
        browser.await(numberOfElementsToBe(ROWS, 1));
        browser.await(urlToBe(server.address() + "/builds?q=BROKEN+bob"));
        assertEquals("1 build that matches", browser.find(By.id("found")).getText());
        browser.find(By.id("state")).sendKeys("succ");
        browser.await(textToBe(By.cssSelector("#list .empty"), "No build matches. Clear the filter"));
        browser.click(By.linkText("Clear the filter"));
        browser.await(numberOfElementsToBe(ROWS, 3));
        browser.type(By.id("app"), "ada/fi ne");
        browser.await(textMatches(By.cssSelector("#list .empty"), Pattern.compile("Parameter app: not the name of .*")));
        browser.type(By.id("app"), "ada");
        browser.await(numberOfElementsToBe(ROWS, 1));
        String plain = text(server.get("/builds?state=failed&author="));
        assertTrue(plain.contains("bob/broken") && !plain.contains("ada/fine"), plain);
        assertEquals(400, server.get("/builds?state=odd").statusCode());
    }

    @Test
    @Order(4)
    void rowsAreReachedByKeysAndNothingMovesUnderWhoReads() throws Exception {
        open("/builds");
        List<String> before = listed();
        browser.driver.executeScript("arguments[0].focus()", browser.find(inRow(2, "a")));
        press(Keys.ARROW_DOWN);
        assertEquals("#1", focused().getText());
        press("k");
        assertEquals("#2", focused().getText());
        long newer = finished(push("ada", "fine", "1.1", "f <- function() 2\n"));
        browser.await(textToBe(NEWER, "1 new build"));
        assertEquals(before, listed());
        assertEquals("#2", focused().getText());
        browser.click(NEWER);
        browser.await(presenceOfElementLocated(row(newer)));
        browser.await(driver -> focused().getText().equals("#" + newer));
    }

    @Test
    @Order(5)
    void theLogOfAFailedBuildOpensAtWhatFailed() throws Exception {
        open("/builds/2");
        assertEquals("Build 2 failed", browser.find(By.tagName("h1")).getText());
        assertEquals(List.of("install"), openFolds());
        WebElement red = browser.find(By.cssSelector(".fold[open] .fg-1"));
        assertEquals("red", red.getText());
        assertTrue(red.findElement(By.xpath("..")).getText().contains("red <b>bold</b>"));
        browser.find(By.tagName("body")).sendKeys("e");
        String line = (String) browser.driver.executeScript("return location.hash");
        assertTrue(line.matches("#L\\d+"), line);
        WebElement error = browser.find(By.cssSelector(line));
        assertEquals("ERROR", error.findElement(By.tagName("b")).getText());
        assertTrue(error.getText().contains("it is broken"), error.getText());
        assertEquals(
                Boolean.TRUE,
                browser.driver.executeScript(
                        "const box = arguments[0].getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight",
                        error));
        browser.assertAccessible();
        browser.click(By.id("times"));
        assertTrue(error.findElement(By.tagName("time")).getText().matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"));
        browser.click(By.id("unfold"));
        assertEquals(
                List.of("queue", "checkout", "dependencies", "install", "report"), openFolds());
        open("/builds/2#L1");
        browser.driver.navigate().refresh();
        assertTrue(openFolds().contains("queue"), () -> openFolds().toString());
    }

    private static List<String> openFolds() {
        return browser.driver.findElements(By.cssSelector(".fold[open]")).stream()
                .map(fold -> fold.getAttribute("data-stage"))
                .toList();
    }

    @Test
    @Order(6)
    void theWholeLogCanBeHadWithoutScripts() throws Exception {
        String address = browser.find(By.linkText("Download")).getAttribute("href");
        HttpResponse<byte[]> log = server.get(address.substring(server.address().toString().length()));
        assertEquals("attachment; filename=\"build-2.log\"", header(log, "Content-Disposition"));
        assertEquals(Files.readString(server.data.path().resolve("logs/builds/2.log")).strip(), text(log));
        String page = text(server.get("/builds/2"));
        assertEquals(text(log).lines().count(), page.split("<div class=\"line\"", -1).length - 1);
        assertFalse(page.contains("\u001b"), page);
        assertEquals(404, server.get("/builds/4711").statusCode());
        assertEquals(404, server.get("/builds/x").statusCode());
    }

    @Test
    @Order(7)
    void aRunningBuildIsFollowedAndCancelledByTheAdmin() throws Exception {
        long endless = push("carol", "talks", "1.0", "i <- 0\nrepeat { i <- i + 1; message('\\033[32mturn ', i); Sys.sleep(0.1) }\n");
        open("/builds/" + endless);
        browser.await(textMatches(By.cssSelector(".fold[data-stage=install] .fg-2"), Pattern.compile("turn \\d+")));
        browser.await(attributeContains(By.cssSelector(".timeline li:nth-child(3)"), "data-state", "running"));
        browser.await(textMatches(By.cssSelector(".facts .elapsed"), Pattern.compile("\\d+ s")));
        browser.driver.executeScript("scrollTo(0, document.documentElement.scrollHeight)");
        browser.await(driver -> Boolean.TRUE.equals(browser.driver.executeScript(
                "return scrollY > innerHeight && document.documentElement.scrollHeight - scrollY - innerHeight < 80")));
        browser.driver.executeScript("scrollTo(0, 0)");
        confirmed("cancel");
        giveToken("a-wrong-one");
        browser.await(textMatches(SAID, Pattern.compile("This is not the admin token, or no longer\\..*")));
        confirmed("cancel");
        giveToken(token);
        browser.await(textToBe(By.cssSelector("h1 .state"), "cancelled"));
        browser.await(textToBe(SAID, "Build " + endless + ": cancelled."));
        assertFalse(browser.driver
                .findElements(By.cssSelector("[data-does=cancel]"))
                .iterator()
                .hasNext());
        browser.assertAccessible();
    }

    private static void does(String action) {
        browser.click(By.cssSelector("[data-does=" + action + "]"));
    }

    /** Clicks what asks whether it is meant, and means it. */
    private static void confirmed(String action) {
        does(action);
        By yes = By.cssSelector("#confirm [value=yes]");
        browser.await(visibilityOfElementLocated(yes));
        browser.click(yes);
        browser.await(invisibilityOfElementLocated(yes));
    }

    private static void giveToken(String given) {
        browser.await(visibilityOfElementLocated(FIELD));
        browser.type(FIELD, given + Keys.ENTER);
        browser.await(invisibilityOfElementLocated(FIELD));
    }

    @Test
    @Order(8)
    void theAdminRollsBackAndRebuilds() throws Exception {
        AppName app = new AppName("ada", "fine");
        open("/builds/1");
        does("rollback");
        browser.await(visibilityOfElementLocated(By.id("confirm")));
        press(Keys.ESCAPE);
        browser.await(invisibilityOfElementLocated(By.id("confirm")));
        assertEquals("", browser.find(SAID).getText());
        confirmed("rollback");
        giveToken(token);
        browser.await(textToBe(SAID, "The version of build 1 is live."));
        assertEquals(1, server.server.builds().app(app).orElseThrow().live().build());
        assertTrue(browser.find(By.className("live")).getText().startsWith("tinypkg 1.0 is live."));
        assertFalse(browser.driver
                .findElements(By.cssSelector("[data-does=rollback]"))
                .iterator()
                .hasNext());
        does("rebuild");
        browser.await(driver -> !browser.driver.getCurrentUrl().endsWith("/builds/1"));
        long again = Long.parseLong(browser.driver.getCurrentUrl().replaceFirst(".*/", ""));
        browser.await(textToBe(By.cssSelector("h1 .state"), "succeeded"));
        assertEquals(State.SUCCEEDED, server.finished(again).state());
        assertEquals(again, server.server.builds().app(app).orElseThrow().live().build());
    }

    @Test
    @Order(9)
    void aLongLogStaysUsable() throws Exception {
        String line = "2026-01-02T12:00:00.250Z [install] a line of a log that has very many of them\n";
        Files.writeString(
                server.data.path().resolve("logs/builds/2.log"),
                line.repeat(50_000) + "2026-01-02T12:00:00.250Z [install] ERROR: the last\n");
        open("/builds/2");
        browser.click(By.id("first-error"));
        assertTrue(browser.find(By.id("L50001")).getText().contains("the last"));
        assertTrue(browser.find(By.id("L50001")).isDisplayed());
    }
}
