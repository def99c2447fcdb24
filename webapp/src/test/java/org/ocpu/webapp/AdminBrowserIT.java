package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeContains;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;
import org.slf4j.LoggerFactory;

/** What an admin sees and does at {@code /admin}, with a browser. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class AdminBrowserIT {
    private static final By TOKEN = By.id("token");
    private static final By WRONG = By.id("sign-in-wrong");
    private static final By NUMBERS = By.id("numbers");
    private static final By SAID = By.id("said");
    private static final By CONNECTION = By.id("connection");
    private static final List<String> PARTS =
            List.of("overview", "engines", "storage", "syncs", "mail", "settings", "errors", "log");

    @TempDir
    static Path directory;

    private static GreenMail smtp;
    private static TestServer server;
    private static String token;
    private static TestBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        smtp = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        TestRepository repository =
                new TestRepository(directory.resolve("repository")).add("alpha", "", "alpha <- function() 1\n");
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(
                data.resolve("ocpu.conf"),
                "timelimit.get: 50\nsmtp.password: hunter2\nsmtp.host: 127.0.0.1\nsmtp.port: " + port
                        + "\nmail.retry: 1\nmail.giveup: 1\nsync.cran.packages: alpha\nsync.cran.repos: "
                        + repository.address() + "\n");
        server = new TestServer(data, Map.of());
        token = new AdminToken(server.data).renew();
        browser = new TestBrowser(directory.resolve("chromium"));
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
        smtp.stop();
    }

    @BeforeEach
    void open() {
        browser.open(server.server.address() + "/");
        browser.open(server.server.address() + "/admin");
    }

    @AfterEach
    void nothingWasInTheWay() {
        assertEquals("", browser.find(By.id("said")).getAttribute("class"), () -> browser.find(SAID)
                .getText());
    }

    private static void signIn() {
        browser.type(TOKEN, token + Keys.ENTER);
        browser.await(textToBe(CONNECTION, "Live"));
    }

    private static void show(String part) {
        browser.click(By.cssSelector(".sections [href='#" + part + "']"));
        browser.await(visibilityOfElementLocated(By.id("part-" + part)));
    }

    private static String text(String id) {
        return browser.find(By.id(id)).getText().replaceAll("\\s+", " ");
    }

    private static void await(String id, String pattern) {
        browser.await(textMatches(By.id(id), Pattern.compile(pattern, Pattern.DOTALL)));
    }

    @Test
    void aWrongTokenIsToldAndTheRightOneShowsTheServer() {
        assertTrue(text("sign-in").contains("./ocpu token"), text("sign-in"));
        assertFalse(browser.find(By.id("console")).isDisplayed());
        browser.type(TOKEN, "a-wrong-one" + Keys.ENTER);
        browser.await(textMatches(WRONG, Pattern.compile("This is not the admin token, or no longer\\..*")));
        assertEquals(browser.find(TOKEN), browser.driver.switchTo().activeElement());
        browser.assertAccessible();
        signIn();
        assertFalse(browser.find(By.id("sign-in")).isDisplayed());
        await(
                "numbers",
                "Workers 0 of \\d+ .*Queue 0 of \\d+ .*Builds .*Engines .*Memory .*Disk .*Up .*".replace(" ", "\\s"));
        assertEquals(0L, browser.driver.executeScript("return sessionStorage.length + localStorage.length"));
        browser.click(By.id("sign-out"));
        assertTrue(browser.find(TOKEN).isDisplayed());
        assertFalse(browser.find(By.id("console")).isDisplayed());
    }

    @Test
    void everyPartIsAccessible() {
        signIn();
        for (String part : PARTS) {
            show(part);
            browser.assertAccessible();
        }
    }

    @Test
    void theNumbersAndChartsFollowWhatRuns() {
        signIn();
        CompletableFuture<HttpResponse<byte[]>> call = server.calling("/ocpu/library/base/R/Sys.sleep", "time", "4");
        await("numbers", ".*Workers\\s1 of \\d+.*");
        assertEquals(201, call.join().statusCode());
        await("numbers", ".*Workers\\s0 of \\d+.*");
        browser.await(attributeContains(By.cssSelector("#chart-workers .line-1"), "d", "M"));
        await("chart-workers", ".*In the last hour: running at most 1, at .*");
        await("chart-memory", ".*server at most \\d+ MB.*");

        WebElement plot = browser.find(By.cssSelector("#chart-workers .plot"));
        plot.sendKeys(Keys.END);
        assertTrue(
                text("chart-workers").matches(".*\\d\\d:\\d\\d: running \\d+, waiting requests 0.*"),
                text("chart-workers"));
        assertTrue(plot.getAttribute("aria-valuetext").contains("running "), plot.getAttribute("aria-valuetext"));
        browser.click(By.cssSelector("#chart-workers summary"));
        assertTrue(browser.driver
                        .findElements(By.cssSelector("#chart-workers tbody tr"))
                        .size()
                >= 1);
    }

    @Test
    void anEngineIsShownWithWhatItHasLoadedAndEnded() {
        assertEquals(201, server.call("/ocpu/library/splines/R/bs", "x", "1:9").statusCode());
        signIn();
        show("engines");
        await("engine-list", ".*splines .*library/splines.*");
        By end = By.cssSelector("#engine-list [aria-label='End the engine of splines']");
        browser.click(By.xpath("//tr[contains(., 'library/splines')]//summary"));
        assertTrue(text("engine-list").matches(".*jsonlite [\\d.]+, .*splines [\\d.]+, .*"), text("engine-list"));
        browser.click(end);
        await("said", "The engine of splines ends .*");
        await("engine-list", "(?!.*library/splines).*base .*");
    }

    @Test
    void storageTellsWhoHasHowMuch() {
        server.session("1 + 1");
        signIn();
        show("storage");
        await(
                "storage-shown",
                ".*\\d+ sessions?, .* of 10 GB.*library/.*sessions/ what calls left.*".replace(" ", "\\s"));
    }

    @Test
    void aSyncIsRunAndItsEndIsShownByItself() {
        signIn();
        show("syncs");
        await("sync-list", ".*It has not run yet.*");
        browser.click(By.cssSelector("[aria-label='Run cran now']"));
        await("said", "Run \\d+ of cran has begun\\.");
        await("sync-list", ".*succeeded 1 added.*");
        browser.click(By.cssSelector("#sync-list summary"));
        browser.await(textMatches(By.cssSelector("#sync-list li"), Pattern.compile("#\\d+ succeeded 1 added, .* ago")));
    }

    @Test
    void aMailThatWasGivenUpIsSentAgain() throws Exception {
        server.publish(
                "Ada", "tiny", SmallPackage.commit(directory.resolve("tiny"), "1.0", "answer <- function() 1\n"));
        assertTrue(TestServer.within(() -> !server.server.outbox().parked().isEmpty()), "the mail was not given up");
        signIn();
        show("mail");
        await("mail-list", ".*Ada/tiny.*ada@example\\.org.*Connection refused.*");
        assertEquals(List.of(), browser.violations());
        smtp.start();
        browser.click(By.cssSelector("#mail-list [aria-label^='Resend']"));
        await("said", "1 mail is being sent again\\.");
        assertTrue(smtp.waitForIncomingEmail(20_000, 1), "the mail did not come");
        await("mail-list", ".*No mail was given up\\..*");
    }

    @Test
    void theConfigurationSaysWhereASettingComesFromAndNoSecret() {
        signIn();
        show("settings");
        browser.type(By.id("settings-text"), "timelimit.get");
        await("settings-found", "1 of \\d+ settings");
        assertEquals(
                "timelimit.get 50 60 ocpu.conf, line 1", text("settings-list").replaceFirst(".* From ", ""));
        browser.type(By.id("settings-text"), "hunter2");
        await("settings-list", "No setting is like that\\.");
        browser.type(By.id("settings-text"), "smtp.p");
        await("settings-list", ".*smtp\\.password\\s\\*\\*\\* secret.*");
        assertFalse(browser.driver.getPageSource().contains("hunter2"));
        browser.find(By.id("settings-text")).clear();
        browser.find(By.id("settings-text")).sendKeys(" ");
        new Select(browser.find(By.id("settings-origin"))).selectByValue("set");
        await("settings-list", ".*mail\\.giveup.*command line.*");
        assertFalse(text("settings-list").contains("timelimit.post"), text("settings-list"));
    }

    @Test
    void anErrorIsFoundByItsId() throws Exception {
        Path failed = server.data.path().resolve("outbox/failed/20260102T120000000Z-0123abcd");
        Path record = Files.writeString(Path.of(failed + ".properties"), "attempts=many");
        Path mail = Files.writeString(Path.of(failed + ".eml"), "To: ada@example.org\n\n");
        HttpResponse<byte[]> answer = server.get("/api/v1/outbox", "Authorization", "Bearer " + token);
        Files.delete(record);
        Files.delete(mail);
        Matcher id = Pattern.compile("error ([0-9a-f]{8})").matcher(TestServer.text(answer));
        assertTrue(id.find(), TestServer.text(answer));
        signIn();
        show("errors");
        await("error-list", ".*" + id.group(1) + ".*GET /api/v1/outbox.*NumberFormatException.*");
        browser.type(By.id("error-id"), " " + id.group(1) + Keys.ENTER);
        await("error-shown", ".*Error " + id.group(1) + ".*at org\\.ocpu\\.mailer\\..*");
        assertEquals(List.of(), browser.violations());
        browser.type(By.id("error-id"), "00000000" + Keys.ENTER);
        await("error-shown", "No error 00000000 is among the last 100 .*");

        browser.open(server.server.address() + "/");
        browser.open(server.server.address() + "/admin#error-" + id.group(1)); // as the page of an error links
        signIn();
        await("error-shown", ".*Error " + id.group(1) + ".*");
    }

    @Test
    void theLogGrowsUnlessItIsPausedAndCanBeFiltered() {
        signIn();
        show("log");
        await("log-lines", ".*Server Listening on .*");
        LoggerFactory.getLogger("AdminBrowserIT").warn("<b>first</b> x0123456789abcdef");
        await("log-lines", ".*WARN\\s+\\S+ \\S+ AdminBrowserIT <b>first</b> x0\\.\\.\\..*");
        browser.click(By.id("log-pause"));
        LoggerFactory.getLogger("AdminBrowserIT").info("second");
        await("log-state", "Paused; \\d+ new lines?\\.");
        assertFalse(text("log-lines").contains("second"), text("log-lines"));
        browser.click(By.id("log-pause"));
        await("log-lines", ".*second.*");
        new Select(browser.find(By.id("log-level"))).selectByValue("WARN");
        await("log-lines", "(?!.*second).*first.*");
        new Select(browser.find(By.id("log-level"))).selectByValue("");
        browser.type(By.id("log-text"), "SECOND");
        await("log-lines", "(?!.*first).*second.*");
    }

    @Test
    void theKeyboardIsEnough() {
        browser.driver.switchTo().activeElement().sendKeys(token + Keys.ENTER);
        browser.await(textToBe(CONNECTION, "Live"));
        browser.find(By.cssSelector(".sections [href='#engines']")).sendKeys(Keys.ENTER);
        await("engine-list", ".*base .*");
        browser.driver.navigate().back();
        browser.await(visibilityOfElementLocated(NUMBERS));
        browser.await(attributeToBe(By.cssSelector(".sections [href='#overview']"), "aria-current", "true"));
    }

    /** On the port that it had before. */
    @Test
    void aLostConnectionIsToldAndRecovers() throws Exception {
        DataDirectory data = DataDirectory.open(Files.createDirectories(directory.resolve("other")));
        KeptWorkerPackage.bring(data.path());
        String other = new AdminToken(data).renew();
        Server first = Server.start(data, Map.of("port", "0"));
        try {
            browser.open(first.address() + "/admin");
            browser.type(TOKEN, other + Keys.ENTER);
            browser.await(textToBe(CONNECTION, "Live"));
        } finally {
            first.close();
        }
        browser.await(textMatches(CONNECTION, Pattern.compile("The connection is lost\\. Trying again in \\d+ s\\.")));
        try (Server second = Server.start(
                data, Map.of("port", Integer.toString(first.address().getPort())))) {
            assertEquals(first.address(), second.address());
            browser.await(textToBe(CONNECTION, "Live"));
            String renewed = new AdminToken(data).renew();
            browser.await(textMatches(WRONG, Pattern.compile("This is not the admin token, or no longer\\..*")));
            browser.type(TOKEN, renewed + Keys.ENTER);
            browser.await(textToBe(CONNECTION, "Live"));
        }
    }
}
