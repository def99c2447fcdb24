package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium of its own, and what a person does with it. */
final class TestBrowser implements AutoCloseable {
    private static final int WIDE = 1280;
    private static final int NARROW = 360;
    private static final int HEIGHT = 900;
    private static final String AXE = axe();

    final ChromeDriver driver;

    /**
     * @param profile a directory that does not exist yet
     * @param switches of its command line, beside those that every test needs
     */
    TestBrowser(Path profile, String... switches) {
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        this.driver = new ChromeDriver(service, options(profile).addArguments(switches));
    }

    private static ChromeOptions options(Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        return options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
    }

    void open(String address) {
        driver.get(address);
    }

    WebElement find(By by) {
        return driver.findElement(by);
    }

    void type(By field, String text) {
        WebElement element = find(field);
        element.clear();
        element.sendKeys(text);
    }

    void click(By by) {
        find(by).click();
    }

    <T> T await(ExpectedCondition<T> condition) {
        return new WebDriverWait(driver, Duration.ofSeconds(60))
                .ignoring(StaleElementReferenceException.class) // the page may be replaced while it is looked at
                .until(condition);
    }

    /** Shows what a page is for those who prefer {@code light} or {@code dark}. */
    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Gives the page that much room, in CSS pixels. */
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** What axe-core finds against WCAG 2.2 AA and its best practices on the page as it is now: rule, help and where. */
    List<String> violations() {
        driver.executeScript(AXE);
        Object found = driver.executeAsyncScript("""
                const done = arguments[0];
                const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
                axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then(
                    ({ violations }) => done(violations.map(({ id, help, nodes }) =>
                        `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)),
                    (failure) => done([`axe failed: ${failure}`]));
                """);
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    /** That the page is accessible and needs no scrolling sideways, wide and narrow, light and dark; it is wide and light then. */
    void assertAccessible() {
        for (String scheme : List.of("dark", "light")) {
            prefer(scheme);
            for (int width : new int[] {NARROW, WIDE}) {
                resize(width, HEIGHT);
                assertEquals(List.of(), violations(), scheme + ", " + width + " px wide: " + driver.getCurrentUrl());
                assertEquals(
                        false,
                        driver.executeScript("return document.documentElement.scrollWidth > innerWidth"),
                        "to be scrolled sideways at " + width + " px: " + driver.getCurrentUrl());
            }
        }
    }

    private static String axe() {
        try (InputStream in = TestBrowser.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
