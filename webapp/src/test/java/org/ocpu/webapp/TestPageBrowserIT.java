package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.frameToBeAvailableAndSwitchToIt;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** Requests by hand, and scripts in the console, on the page that explores the API, as a person with a browser makes them. */
class TestPageBrowserIT {
    private static final By PATH = By.id("path");
    private static final By NAME = By.cssSelector("#rows [data-part=name]");
    private static final By VALUE = By.cssSelector("#rows [data-part=value]");
    private static final By SCRIPT = By.id("script");
    private static final By FAILURE = By.cssSelector("#result .failure");
    private static final String HAND = "#method=POST&path=";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;
    private static ExplorerPage page;

    @BeforeAll
    static void start() {
        server = new TestServer(directory.resolve("data"), Map.of());
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
        page.open(HAND);
    }

    @Test
    void aCallLeavesASessionWhoseKeyIsAnArgumentOfTheNextCall() {
        post("library/base/R/identity", "x", "c(1,2,3)");
        page.awaitStatus("201 Created");
        page.awaitText(ExplorerPage.branch("R/.val"), "Value.*\\[1] 1 2 3.*");
        browser.click(By.id("use"));
        browser.click(By.cssSelector("#rows [data-part=remove]"));
        post("library/base/R/rev/json", "x", browser.find(VALUE).getDomProperty("value"));
        page.awaitResult(".*\\[\\s*3,\\s*2,\\s*1\\s*].*");
    }

    @Test
    void aListLeadsToWhatItLists() {
        browser.click(By.partialLinkText("the packages"));
        page.awaitStatus("200 OK");
        browser.click(By.linkText("stats"));
        page.awaitText(By.id("asked"), "GET .*/ocpu/library/stats/.*");
    }

    @Test
    void aFileIsUploaded() throws IOException {
        Path csv = Files.writeString(directory.resolve("planets.csv"), "planet,moons\nMars,2\n");
        browser.click(By.cssSelector("#rows [data-part=remove]"));
        browser.click(By.id("add-file"));
        page.write(NAME, "file");
        page.write(PATH, "library/utils/R/read.csv/json");
        assertEquals("multipart", browser.find(By.id("body")).getDomProperty("value"));
        page.send();
        page.awaitStatus("Choose a file for the argument “file”.");
        browser.find(By.cssSelector("[data-part=file]")).sendKeys(csv.toString());
        page.send();
        page.awaitStatus("201 Created");
        page.awaitResult(".*planet\\s*moons\\s*Mars\\s*2\\b.*");
    }

    @Test
    void aBodyOfJsonIsSent() {
        new Select(browser.find(By.id("body"))).selectByValue("json");
        page.write(By.id("json"), "{\"x\": [4, 5]}");
        page.write(PATH, "library/base/R/sum/json");
        page.send();
        page.awaitResult(".*\\[\\s*9\\s*].*");
        page.write(By.id("json"), "{\"x\": [4, ");
        page.send();
        page.awaitStatus("400 Bad Request");
        page.awaitText(FAILURE, ".*Invalid JSON was posted.*");
    }

    @Test
    void aPlotIsShownAsPicture() {
        browser.click(By.partialLinkText("a plot, as picture"));
        page.awaitStatus("201 Created");
        WebElement picture = browser.await(visibilityOfElementLocated(By.cssSelector("#result > img")));
        assertEquals("640", picture.getDomProperty("naturalWidth"));
    }

    @Test
    void aPageIsShownWithoutRunningItsScripts() {
        String html = "'<p id=p>as written</p><script>document.getElementById(\"p\").textContent = \"run\"</script>'";
        page.open("#method=POST&path=library/base/R/writeLines&name=text&value=&name=con&value='page.html'");
        post("library/base/R/writeLines", "text", html);
        page.awaitStatus("201 Created");
        page.unfold("files");
        page.unfold("files/page.html");
        browser.await(frameToBeAvailableAndSwitchToIt(By.cssSelector("#result iframe[sandbox='']")));
        browser.await(textToBe(By.id("p"), "as written"));
    }

    @Test
    void whatRObjectsToIsShownWithItsCallAndWhatWasPrintedBefore() {
        post("library/base/R/identity", "x", "{print('before'); f <- function(v) log(v); f('one')}");
        page.awaitStatus("400 Bad Request");
        page.awaitText(
                FAILURE,
                "Error\\s+non-numeric argument to mathematical function\\s+In call\\s+log\\(v\\)\\s+Backtrace.*f\\(\"one\"\\).*");
        page.awaitText(ExplorerPage.branch("console"), ".*\"before\".*error\\s+non-numeric argument.*");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() {
        post("https://example.org/", "n", "3");
        page.awaitStatus("https://example.org/ is not below " + server.server.address() + "/ocpu/.*");
        post("library/base/R/sum", "", "3");
        page.awaitStatus("An argument has no name.*");
        post("library/nosuchpackage/R/f", "x", "1");
        page.awaitStatus("404 .*");
        page.awaitResult(".*nosuchpackage.*");
        page.write(NAME, "x");
        browser.click(By.cssSelector("#more summary"));
        page.write(By.id("headers"), "no header");
        page.send();
        page.awaitStatus("“no header” is not a header.*");
    }

    @Test
    void aCallUnderWayCanBeAborted() {
        post("library/base/R/Sys.sleep", "time", "60");
        browser.click(By.id("abort"));
        page.awaitStatus("Aborted\\..*");
    }

    @Test
    void anAddressKeepsTheRequestButDoesNotSendIt() {
        post("library/base/R/paste/json", "...", "'a b', \"c&d\"");
        page.awaitStatus("201 Created");
        browser.driver.navigate().refresh();
        browser.await(textToBe(ExplorerPage.STATUS, "Nothing sent yet."));
        browser.await(visibilityOfElementLocated(VALUE));
        assertEquals("library/base/R/paste/json", browser.find(PATH).getDomProperty("value"));
        assertEquals("'a b', \"c&d\"", browser.find(VALUE).getDomProperty("value"));
    }

    @Test
    void theCurlLineIsQuotedForAShell() throws Exception {
        page.open("#method=POST&path=library/base/R/paste/json?a=[1]%26b=2&name=...&value='it%27s', \"$HOME\" `id`");
        browser.await(textMatches(ExplorerPage.CURL, Pattern.compile("curl .*")));
        String words =
                browser.find(ExplorerPage.CURL).getDomProperty("textContent").replaceFirst("^curl", "printf '%s\\\\n'");
        assertEquals(
                List.of(
                        "-g",
                        server.server.address() + "/ocpu/library/base/R/paste/json?a=[1]&b=2",
                        "--data-urlencode",
                        "...='it's', \"$HOME\" `id`"),
                ExplorerPage.run(directory, words).lines().toList());
    }

    @Test
    void aScriptRunsAsInRsConsoleAndIsRemembered() throws Exception {
        browser.click(By.id("tab-console"));
        page.write(SCRIPT, "x <- 1:3\nrev(x)\nplot(x)\nwarning('care')\n");
        assertEquals("1\n2\n3\n4\n5", browser.find(By.id("numbers")).getDomProperty("textContent"));
        browser.find(SCRIPT).sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
        page.awaitStatus("201 Created");
        page.awaitText(
                ExplorerPage.branch("console"),
                ".*> x <- 1:3\\s+> rev\\(x\\)\\s+\\[1] 3 2 1\\s+> plot\\(x\\)\\s+Plot 1\\s+> warning.*warning\\s+care.*");
        browser.click(By.xpath("//button[text()='Plot 1']"));
        browser.await(visibilityOfElementLocated(By.cssSelector(".plot img")));
        page.unfold("objects");
        page.unfold("R/x");
        page.awaitText(ExplorerPage.branch("R/x"), ".*\\[1] 1 2 3.*");
        String key = browser.find(By.id("key")).getText();
        assertTrue(page.runCurl(directory).contains("/graphics/1\n"), "the same with curl");
        assertTrue(page.runJavaScript().toString().matches("\\[\"x0[0-9a-f]+\"]"), "the same with JavaScript");
        page.write(SCRIPT, "sum(" + key + "::x)\n");
        page.send();
        page.awaitText(By.cssSelector("[data-kind=output]"), "\\[1] 6");
        browser.click(By.cssSelector("#scripts summary"));
        browser.click(By.xpath("//*[@id='scripts']//button[text()='x <- 1:3']"));
        assertTrue(browser.find(SCRIPT).getDomProperty("value").startsWith("x <- 1:3\nrev(x)"));
        browser.click(By.xpath("//*[@id='scripts']//button[@aria-label='Forget x <- 1:3']"));
        browser.driver.navigate().refresh();
        browser.await(visibilityOfElementLocated(SCRIPT));
        assertTrue(browser.find(SCRIPT).getDomProperty("value").startsWith("x <- 1:3\nrev(x)"), "it is in the address");
        assertEquals(List.of(), browser.driver.findElements(By.xpath("//*[@id='scripts']//button[text()='x <- 1:3']")));
    }

    @Test
    void anErrorOfAScriptIsShownWithItsLine() {
        page.open("#mode=console");
        page.write(SCRIPT, "x <- 1\n\nf <- function(v) {\nlog(v)\n}\nf('a')\n");
        page.send();
        page.awaitStatus("400 Bad Request");
        page.awaitText(FAILURE, "Error in the script\\s+non-numeric argument.*Line 6.*f\\('a'\\).*");
        page.awaitText(ExplorerPage.branch("console"), ".*> x <- 1.*error\\s+non-numeric.*");
        browser.click(By.xpath("//button[text()='Line 6']"));
        assertEquals("f('a')", browser.driver.executeScript("return document.getSelection().toString()"));
        page.write(SCRIPT, "x <- 1\ny <- (2\nz <- ]\n");
        page.send();
        page.awaitText(FAILURE, "Error in the script.*unexpected symbol.*Line 3.*z <- ].*");
        page.write(SCRIPT, "");
        page.send();
        page.awaitStatus("There is no script to run.*");
    }

    @Test
    void theKeyboardIndentsInTheEditorAndGetsOutOfIt() {
        page.open("#mode=console");
        page.write(SCRIPT, "f()");
        browser.find(SCRIPT).sendKeys(Keys.HOME, Keys.TAB);
        assertEquals("  f()", browser.find(SCRIPT).getDomProperty("value"));
        browser.find(SCRIPT).sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB));
        assertEquals("f()", browser.find(SCRIPT).getDomProperty("value"));
        browser.find(SCRIPT).sendKeys(Keys.ESCAPE, Keys.TAB);
        assertEquals("summary", browser.driver.switchTo().activeElement().getTagName());
        browser.assertAccessible();
    }

    @Test
    void aServerThatTakesNoCodeSaysSoAndOneThatIsGoneToo() {
        try (TestServer strict = new TestServer(directory.resolve("strict"), Map.of("enable.post.code", "false"))) {
            ExplorerPage other = new ExplorerPage(browser, strict);
            other.open("#mode=console");
            other.awaitText(By.id("no-code"), "The console is switched off on this server.*enable.post.code: false.*");
            other.open(HAND + "library/stats/R/rnorm&name=n&value=3");
        }
        page.send();
        page.awaitStatus("No answer. Is the server running\\?.*");
    }

    /** Sends the page's form, which opens with one argument. */
    private static void post(String path, String name, String value) {
        new Select(browser.find(By.id("method"))).selectByVisibleText("POST");
        page.write(PATH, path);
        page.write(NAME, name);
        page.write(VALUE, value);
        page.send();
    }
}
