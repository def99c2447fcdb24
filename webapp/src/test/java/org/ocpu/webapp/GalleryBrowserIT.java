package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.urlContains;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** What somebody does on the page of all apps of a real server that has 500 of them, with a browser. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GalleryBrowserIT {
    private static final int APPS = 500;
    private static final By SEARCH = By.id("q");
    private static final By FOUND = By.id("found");
    private static final By CARDS = By.cssSelector(".card.app");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        Path data = directory.resolve("data");
        try (TestServer first = new TestServer(data, Map.of())) {
            first.publish("ada", "hello", Path.of("src/main/samples/hello"));
        }
        CopiedApps.of(data.resolve("apps/ada/hello"), APPS - 1);
        server = new TestServer(data, Map.of());
        browser = new TestBrowser(directory.resolve("profile"));
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    @BeforeEach
    void openGallery() {
        browser.open(server.address() + "/");
    }

    @Test
    void typingFindsAppsAndTheAddressKeepsWhatIsLookedFor() {
        browser.await(textToBe(FOUND, "1–24 of 500 apps"));
        browser.type(SEARCH, "copy 123");
        browser.await(textToBe(FOUND, "1 app with “copy 123”"));
        assertEquals(List.of("Copy 123"), titles());
        browser.await(urlContains("?q=copy+123"));
        browser.driver.navigate().refresh();
        assertEquals(List.of("Copy 123"), titles());
        browser.type(SEARCH, "<b>nothing");
        browser.await(textToBe(FOUND, "Nothing matches with “<b>nothing”. Show all 500 apps"));
        browser.click(By.linkText("Show all 500 apps"));
        browser.await(textToBe(FOUND, "1–24 of 500 apps"));
    }

    @Test
    void appsAreFoundByOwnerAndPaged() {
        new Select(browser.find(By.id("owner"))).selectByValue("owner3");
        browser.await(textToBe(FOUND, "1–24 of 100 apps of owner3"));
        assertEquals(24, browser.driver.findElements(CARDS).size());
        browser.click(By.linkText("Next"));
        browser.await(textToBe(FOUND, "25–48 of 100 apps of owner3"));
        browser.click(By.linkText("Previous"));
        browser.await(textToBe(FOUND, "1–24 of 100 apps of owner3"));
    }

    @Test
    void theKeyboardAloneGoesFromTheSearchToAnApp() {
        browser.find(By.tagName("body")).sendKeys("/");
        browser.driver.switchTo().activeElement().sendKeys("ada/hello");
        browser.await(textToBe(FOUND, "1 app with “ada/hello”"));
        assertEquals(List.of("A First App for 'ocpu'"), titles());
        browser.find(By.cssSelector(".card.app h2 a")).sendKeys(Keys.ENTER);
        browser.await(urlContains("/apps/ada/hello"));
        browser.driver.navigate().back();
        browser.find(By.cssSelector(".card.app .open")).sendKeys(Keys.ENTER);
        browser.await(urlContains("/ocpu/apps/ada/hello/www/"));
    }

    @Test
    void itIsAccessible() {
        browser.assertAccessible();
        browser.open(server.address() + "/?q=nothing+at+all");
        browser.assertAccessible();
    }

    @Test
    void thePayloadAddressOfTheWebhookIsThere() {
        assertEquals(
                server.address() + "/ocpu/webhook",
                browser.find(By.cssSelector(".steps pre")).getText());
    }

    /** A fresh browser has the whole first view with so few bytes over the network, and nothing of it moves. */
    @Test
    void theFirstViewIsSmallAndStays() {
        try (TestBrowser fresh = new TestBrowser(directory.resolve("fresh"))) {
            fresh.open(server.address() + "/");
            Object bytes = fresh.driver.executeScript("""
                    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
                    return all.reduce((sum, one) => sum + one.encodedBodySize, 0);
                    """);
            assertTrue(((Number) bytes).longValue() < 100_000, bytes + " bytes");
            Object shift = fresh.driver.executeAsyncScript("""
                    const done = arguments[0];
                    new PerformanceObserver((list) => done(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
                        .observe({ type: "layout-shift", buffered: true });
                    requestAnimationFrame(() => requestAnimationFrame(() => done(0)));
                    """);
            assertEquals(0.0, ((Number) shift).doubleValue(), "layout shift");
        }
    }

    @Test
    void oddAddressesShowTheGallery() throws Exception {
        for (String odd : List.of("?page=x", "?page=-1", "?page=99999999999", "?owner=", "?q=" + "x".repeat(5000))) {
            HttpResponse<byte[]> answer = server.get("/" + odd);
            assertEquals(200, answer.statusCode(), odd);
        }
    }

    private static List<String> titles() {
        return browser.driver.findElements(By.cssSelector(".card.app h2")).stream()
                .map(title -> title.getText())
                .toList();
    }
}
