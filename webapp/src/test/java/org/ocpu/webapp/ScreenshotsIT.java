package org.ocpu.webapp;

import static org.openqa.selenium.support.ui.ExpectedConditions.presenceOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Makes the README's pictures of the pages anew, light and dark: {@code ./ocpu test -Dit.test=ScreenshotsIT -Dscreenshots}. */
@EnabledIfSystemProperty(named = "screenshots", matches = ".*")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ScreenshotsIT {
    private static final Path SITE = Path.of("src/site");
    private static final Path SAMPLES = Path.of("src/main/samples");
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 800;

    @TempDir
    Path directory;

    private TestServer server;
    private TestBrowser browser;

    @Test
    void eachPageIsPictured() throws Exception {
        try (TestServer real = new TestServer(directory.resolve("data"), Map.of());
                TestBrowser chromium = new TestBrowser(directory.resolve("profile"), "--hide-scrollbars")) {
            server = real;
            browser = chromium;
            browser.resize(WIDTH, HEIGHT);
            publish();
            take("gallery", "/", By.cssSelector(".card.app"));
            take("app", "/apps/ocpu/hello", By.cssSelector("#functions details"));
            take("geyser", "/ocpu/apps/ocpu/geyser/www/", By.tagName("ocpu-plot"));
            take("explore", "/ocpu/apps/ocpu/explore/www/", By.tagName("main"));
            take("builds", "/builds", By.cssSelector("tbody tr"));
            take("build", "/builds/5", By.cssSelector(".failure"));
            take("error", "/nothing", By.cssSelector(".status"));
            explorer();
            admin();
        }
    }

    private void publish() throws Exception {
        for (String sample : List.of("hello", "geyser", "explore")) {
            server.publish("ocpu", sample, SAMPLES.resolve(sample));
        }
        Path tiny = SmallPackage.commit(directory.resolve("tiny"), "1.0", "answer <- function() 42\n");
        server.publish("ada", "answers", tiny);
        SmallPackage.commit(tiny, "1.1", "answer <- function() 42\nstop(\"the answer is not known yet\")\n");
        server.finished(server.push("ada", "answers", tiny));
    }

    private void explorer() throws IOException {
        browser.open(
                server.address()
                        + "/ocpu/test/#method=POST&path=apps/ocpu/hello/R/histogram&name=n&value=2000&name=sd&value=15&mode=pick");
        browser.await(visibilityOfElementLocated(By.id("send"))).click();
        browser.await(visibilityOfElementLocated(By.cssSelector(".plot img")));
        take("explorer");
    }

    private void admin() throws IOException {
        browser.open(server.address() + "/admin");
        browser.type(By.id("token"), new AdminToken(server.data).renew() + Keys.ENTER);
        browser.await(textToBe(By.id("connection"), "Live"));
        browser.await(presenceOfElementLocated(By.cssSelector("path.line[d*=L]")));
        take("admin");
    }

    private void take(String name, String path, By shown) throws IOException {
        browser.open(server.address() + path);
        browser.await(visibilityOfElementLocated(shown));
        browser.await(driver ->
                browser.driver.findElements(By.cssSelector("[aria-busy=true]")).isEmpty());
        take(name);
    }

    /** As it is now, in both schemes. */
    private void take(String name) throws IOException {
        for (String scheme : List.of("dark", "light")) {
            browser.prefer(scheme);
            Object data = browser.driver
                    .executeCdpCommand("Page.captureScreenshot", Map.of("format", "webp", "quality", 80))
                    .get("data");
            Files.write(
                    SITE.resolve(name + "-" + scheme + ".webp"),
                    Base64.getDecoder().decode((String) data));
        }
    }
}
