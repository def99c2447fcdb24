package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.invisibilityOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.urlMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What somebody sees and does on the page of an app of a real server, with a browser. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AppPageBrowserIT {
    private static final By SAID = By.id("said");
    private static final By FIELD = By.id("token-field");
    private static final By CONFIRM = By.id("confirm");
    private static final By YES = By.cssSelector("#confirm [value=yes]");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        token = new AdminToken(server.data).renew();
        TestRepository sources = new TestRepository(directory.resolve("sources"));
        String functions = IntStream.range(0, 60)
                .mapToObj("compute%d <- function(x, y = 2) x + y\n"::formatted)
                .collect(Collectors.joining());
        server.publish("ada", "many", sources.source("many", "1.0", "", functions, Map.of()));
        server.publish("ada", "plots", hello("First", "1.0.0"));
        server.publish("ada", "plots", hello("Second", "1.0.0"));
        server.awaitOutline("ada/many");
        server.awaitOutline("ada/plots");
        browser = new TestBrowser(directory.resolve("chromium"));
    }

    /** The sample app with a README. */
    private static Path hello(String readme, String version) throws IOException {
        Path source = Files.createTempDirectory(directory, "hello");
        Path sample = Path.of("src/main/samples/hello");
        try (var all = Files.walk(sample)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path target = source.resolve(sample.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        Files.writeString(
                source.resolve("README.md"),
                "# %s\n\nA *picture*: ![plot](https://example.org/p.png)\n".formatted(readme));
        assertTrue(Files.readString(source.resolve("DESCRIPTION")).contains(version));
        return source;
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    private static void open(String path) {
        browser.open("about:blank"); // so that another fragment is another visit
        browser.open(server.server.address() + path);
    }

    private static WebElement tab(String function, String language) {
        return browser.find(By.cssSelector("#fun-" + function + " [role=tab][data-language=" + language + "]"));
    }

    @Test
    void thePageShowsWhatTheAppIsAndHas() throws Exception {
        open("/apps/ada/plots");
        assertEquals("A First App for 'ocpu'", browser.find(By.tagName("h1")).getText());
        assertTrue(browser.find(By.cssSelector(".head .button.primary"))
                .getDomAttribute("href")
                .endsWith("/www/"));
        assertEquals(
                List.of("greet(name)", "histogram(n, mean, sd)", "simulate(n, mean, sd)"),
                browser.driver.findElements(By.cssSelector("#functions summary code")).stream()
                        .map(WebElement::getText)
                        .toList());
        assertTrue(browser.find(By.id("fun-greet")).getText().contains("whom to greet"));
        assertTrue(browser.find(By.cssSelector("#data-planets tbody")).getText().startsWith("Mercury 0.387 0.241"));
        assertEquals("plot", browser.find(By.cssSelector("#readme a")).getText());
        assertEquals(
                2,
                browser.driver
                        .findElements(By.cssSelector("#versions tbody tr"))
                        .size());
        browser.assertAccessible();
    }

    @Test
    void anAddressOpensAFunctionAndItsCallIsCopied() {
        browser.driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        open("/apps/ada/plots#fun-simulate");
        browser.await(visibilityOfElementLocated(By.cssSelector("#fun-simulate .tabs")));
        browser.click(By.cssSelector("#fun-simulate section:not([hidden]) button"));
        browser.await(textToBe(By.cssSelector("#fun-simulate section:not([hidden]) button"), "Copied"));
        Object copied = browser.driver.executeAsyncScript(
                "const done = arguments[0]; navigator.clipboard.readText().then(done, (e) => done(String(e)))");
        assertEquals(
                "curl -sS '%s/ocpu/apps/ada/plots/R/simulate/json' \\\n  --data-urlencode 'n=100'"
                        .formatted(server.server.address()),
                copied);
    }

    @Test
    void languagesAreChosenByTheKeyboardForAllFunctions() {
        open("/apps/ada/plots");
        browser.await(visibilityOfElementLocated(By.cssSelector("#fun-greet .tabs")));
        tab("greet", "curl").sendKeys(Keys.ARROW_RIGHT, Keys.NULL);
        assertEquals("true", tab("greet", "R").getDomAttribute("aria-selected"));
        browser.driver.switchTo().activeElement().sendKeys(Keys.END);
        assertEquals("JavaScript", browser.driver.switchTo().activeElement().getText());
        assertEquals("0", tab("greet", "JavaScript").getDomAttribute("tabindex"));
        assertEquals("-1", tab("greet", "curl").getDomAttribute("tabindex"));
        browser.click(By.cssSelector("#fun-histogram summary"));
        WebElement shown = browser.find(By.cssSelector("#fun-histogram section:not([hidden]) pre"));
        assertTrue(shown.getText().startsWith("const answer = await fetch("), shown.getText());
    }

    @Test
    void tryingItOpensTheExplorerWithThatCall() {
        open("/apps/ada/plots");
        WebElement link = browser.find(By.cssSelector("#fun-greet .links a"));
        assertTrue(
                link.getDomAttribute("href")
                        .endsWith(
                                "/ocpu/test/#method=POST&path=apps/ada/plots/R/greet/json&name=name&value=%22Ada%22&mode=pick"),
                link.getDomAttribute("href"));
    }

    @Test
    void ofManyFunctionsOneIsFoundAndCompletedWhenItIsOpened() {
        open("/apps/ada/many");
        browser.await(visibilityOfElementLocated(By.id("filter")));
        browser.type(By.id("filter"), "compute42");
        browser.await(textToBe(By.id("matches"), "1 function"));
        assertFalse(browser.find(By.id("fun-compute1")).isDisplayed());
        browser.click(By.cssSelector("#fun-compute42 summary"));
        browser.await(visibilityOfElementLocated(By.cssSelector("#fun-compute42 .tabs")));
        assertTrue(browser.find(By.id("fun-compute42")).getText().contains("compute42(x, y = 2)"));
        browser.assertAccessible();
    }

    @Test
    void withoutScriptsAllIsThere() {
        browser.driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        try {
            open("/apps/ada/plots");
            List<WebElement> calls = browser.driver.findElements(By.cssSelector("#fun-greet .snippets pre"));
            assertEquals(4, calls.stream().filter(WebElement::isDisplayed).count());
            assertTrue(browser.find(By.id("versions")).getText().contains("./ocpu rollback ada/plots"));
            assertFalse(browser.find(By.cssSelector("[data-does=rollback]")).isDisplayed());
            open("/apps/ada/many");
            browser.click(By.cssSelector("#fun-compute7 summary"));
            browser.click(By.cssSelector("#fun-compute7 .more"));
            browser.await(visibilityOfElementLocated(By.cssSelector("#fun-compute7 summary")));
            assertTrue(browser.driver.getCurrentUrl().endsWith("?function=compute7#fun-compute7"));
        } finally {
            browser.driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        }
    }

    @Test
    void theAdminMakesAnotherVersionLiveAndRemovesAnApp() throws Exception {
        server.publish("ada", "gone", hello("One", "1.0.0"));
        server.publish("ada", "gone", hello("Two", "1.0.0"));
        open("/apps/ada/gone");
        browser.await(visibilityOfElementLocated(By.cssSelector("[data-does=rollback]")));
        assertTrue(browser.find(By.id("readme")).getText().contains("Two"));
        String before = live();
        browser.click(By.cssSelector("[data-does=rollback]"));
        browser.await(visibilityOfElementLocated(YES));
        browser.find(CONFIRM).sendKeys(Keys.ESCAPE);
        browser.await(invisibilityOfElementLocated(CONFIRM));
        assertEquals(before, live());
        browser.click(By.cssSelector("[data-does=rollback]"));
        browser.await(visibilityOfElementLocated(YES)).sendKeys(Keys.ENTER);
        browser.await(visibilityOfElementLocated(FIELD));
        assertEquals(List.of(), browser.violations());
        browser.type(FIELD, token + Keys.ENTER);
        browser.await(textMatches(SAID, Pattern.compile("Version 1\\.0\\.0 of build \\d+ is live\\.")));
        browser.await(driver -> !live().equals(before));
        assertNotEquals(before, live());
        open("/apps/ada/gone");
        assertTrue(browser.find(By.id("readme")).getText().contains("One"), "the README follows");
        browser.click(By.cssSelector("[data-does=remove]"));
        browser.await(visibilityOfElementLocated(YES));
        assertEquals("Remove ada/gone?", browser.find(By.id("confirm-title")).getText());
        browser.click(YES);
        browser.await(visibilityOfElementLocated(FIELD));
        browser.type(FIELD, token + Keys.ENTER);
        browser.await(urlMatches("/$"));
        assertEquals(404, server.get("/apps/ada/gone").statusCode());
    }

    /** The build whose version is said to be live. */
    private static String live() {
        return browser.find(
                        By.xpath(
                                "//section[@id='versions']//tr[.//span[@data-state='succeeded']]//a[contains(@href, '/builds/')]"))
                .getText();
    }

    @Test
    void aWrongTokenIsSaid() {
        open("/apps/ada/plots");
        browser.await(visibilityOfElementLocated(By.cssSelector("[data-does=rebuild]")));
        browser.click(By.cssSelector("[data-does=rebuild]"));
        browser.await(visibilityOfElementLocated(FIELD));
        browser.type(FIELD, "wrong" + Keys.ENTER);
        browser.await(attributeToBe(SAID, "class", "wrong"));
        assertFalse(browser.find(SAID).getText().isBlank());
    }

    @Test
    void anAppThatIsNotThereIsSaid() throws Exception {
        assertEquals(404, server.get("/apps/ada/none").statusCode());
        assertEquals(404, server.get("/apps/ada/plots/part").statusCode());
        assertEquals(404, server.get("/apps/-ada/plots").statusCode());
    }
}
