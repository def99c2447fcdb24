package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.openqa.selenium.support.ui.ExpectedConditions.frameToBeAvailableAndSwitchToIt;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The page to try the API by hand, as a person with a browser uses it. */
class TestPageBrowserIT {
    private static final By PATH = By.id("path");
    private static final By NAME = By.cssSelector("[data-part=name]");
    private static final By VALUE = By.cssSelector("[data-part=value]");
    private static final By STATUS = By.id("status");
    private static final By RESULT = By.id("result");
    private static final By CURL = By.id("curl");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void start() {
        server = new TestServer(directory.resolve("data"), Map.of());
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

    @BeforeEach
    void openPage() {
        browser.open("about:blank");
        open("");
    }

    @Test
    void aCallListsItsSessionAndALineOfTheListLeadsToTheValue() {
        post("library/stats/R/rnorm", "n", "3");
        awaitStatus("201 Created");
        browser.click(By.partialLinkText("/R/.val"));
        awaitStatus("200 OK");
        awaitResult("\\[1](\\s+-?\\d+\\.\\d+){3}\\s.*");
        assertEquals("GET", browser.find(By.id("method")).getDomProperty("value"));
    }

    @Test
    void theKeyOfASessionIsAnArgumentOfTheNextCall() {
        post("library/base/R/identity", "x", "c(1,2,3)");
        awaitStatus("201 Created");
        browser.click(By.id("use"));
        browser.click(By.cssSelector("[data-part=remove]"));
        post("library/base/R/rev/json", "x", browser.find(VALUE).getDomProperty("value"));
        awaitResult("\\[\\s*3,\\s*2,\\s*1\\s*].*");
    }

    @Test
    void aFileIsUploaded() throws IOException {
        Path csv = Files.writeString(directory.resolve("planets.csv"), "planet,moons\nMars,2\n");
        browser.click(By.cssSelector("[data-part=remove]"));
        browser.click(By.id("add-file"));
        browser.find(By.cssSelector("[data-part=file]")).sendKeys(csv.toString());
        browser.type(NAME, "file");
        browser.type(PATH, "library/utils/R/read.csv/json");
        assertEquals("multipart", browser.find(By.id("body")).getDomProperty("value"));
        browser.click(By.id("send"));
        awaitStatus("201 Created");
        awaitResult(".*\"planet\": \"Mars\",\\s+\"moons\": 2\\b.*");
    }

    @Test
    void aBodyOfJsonIsSent() {
        new Select(browser.find(By.id("body"))).selectByValue("json");
        browser.type(By.id("json"), "{\"x\": [4, 5]}");
        browser.type(PATH, "library/base/R/sum/json");
        browser.click(By.id("send"));
        awaitResult("\\[\\s*9\\s*].*");
    }

    @Test
    void aPlotIsShownAsPicture() {
        browser.click(By.partialLinkText("a plot, as picture"));
        awaitStatus("201 Created");
        WebElement picture = browser.await(visibilityOfElementLocated(By.cssSelector("#result img")));
        assertEquals("640", picture.getDomProperty("naturalWidth"));
    }

    @Test
    void aPageIsShownWithoutRunningItsScripts() {
        String html = "'<p id=p>as written</p><script>document.getElementById(\"p\").textContent = \"run\"</script>'";
        open("#method=POST&path=library/base/R/writeLines&name=text&value=&name=con&value='page.html'");
        post("library/base/R/writeLines", "text", html);
        browser.await(visibilityOfElementLocated(By.partialLinkText("files/page.html")))
                .click();
        browser.await(frameToBeAvailableAndSwitchToIt(By.cssSelector("#result iframe[sandbox='']")));
        browser.await(textToBe(By.id("p"), "as written"));
    }

    @Test
    void whatRObjectsToIsShown() {
        post("library/base/R/log", "x", "'one'");
        awaitStatus("400 Bad Request");
        awaitResult("non-numeric argument to mathematical function.*");
    }

    @Test
    void anEndpointOutsideTheApiIsNotAsked() {
        post("https://example.org/", "n", "3");
        awaitStatus("https://example.org/ is not below " + server.server.address() + "/ocpu/.*");
    }

    @Test
    void aCallUnderWayCanBeAborted() {
        post("library/base/R/Sys.sleep", "time", "60");
        browser.click(By.id("abort"));
        awaitStatus("Aborted\\..*");
    }

    @Test
    void anAddressKeepsTheRequestButDoesNotSendIt() {
        post("library/base/R/paste/json", "...", "'a b', \"c&d\"");
        awaitStatus("201 Created");
        browser.driver.navigate().refresh();
        browser.await(textToBe(STATUS, "Nothing sent yet."));
        assertEquals("library/base/R/paste/json", browser.find(PATH).getDomProperty("value"));
        assertEquals("'a b', \"c&d\"", browser.find(VALUE).getDomProperty("value"));
    }

    @Test
    void theCurlLineIsQuotedForAShell() throws Exception {
        open("#method=POST&path=library/base/R/paste/json?a=[1]%26b=2&name=...&value='it%27s', \"$HOME\" `id`");
        browser.await(textMatches(CURL, Pattern.compile("curl .*")));
        String words = browser.find(CURL).getDomProperty("textContent").replaceFirst("^curl", "printf '%s\\\\n'");
        Process shell = new ProcessBuilder("sh", "-c", words).start();
        assertEquals(
                List.of(
                        "-g",
                        server.server.address() + "/ocpu/library/base/R/paste/json?a=[1]&b=2",
                        "--data-urlencode",
                        "...='it's', \"$HOME\" `id`"),
                new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
    }

    private static void open(String fragment) {
        browser.open(server.server.address() + "/ocpu/test/" + fragment);
        browser.await(textMatches(CURL, Pattern.compile("curl .*")));
    }

    /** Sends the page's form, which opens with one argument. */
    private static void post(String path, String name, String value) {
        new Select(browser.find(By.id("method"))).selectByVisibleText("POST");
        browser.type(PATH, path);
        browser.type(NAME, name);
        browser.type(VALUE, value);
        browser.click(By.id("send"));
    }

    private static void awaitStatus(String pattern) {
        browser.await(textMatches(STATUS, Pattern.compile(pattern)));
    }

    private static void awaitResult(String pattern) {
        browser.await(textMatches(RESULT, Pattern.compile(pattern, Pattern.DOTALL)));
    }
}
