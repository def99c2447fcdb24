package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeContains;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LocalPush;
import org.ocpu.builder.LocalRepository;
import org.ocpu.builder.State;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The sample app, pushed to a real server, and the server's own pages, as a person with a browser meets them. */
class SampleAppBrowserIT {
    private static final Path SAMPLE = Path.of("src/main/samples/hello");

    @TempDir
    static Path directory;

    private static DataDirectory data;
    private static Server server;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        data = DataDirectory.open(directory.resolve("data"));
        server = Server.start(data, Map.of("port", "0"));
        BuildView build = server.builds().finished(push("hello")).get(3, TimeUnit.MINUTES);
        assertEquals(State.SUCCEEDED, build.state(), () -> "the sample app was not built: " + build);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                        .usingAnyFreePort()
                        .build(),
                options());
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theAppGreetsWhoeverTypesTheirName() {
        openApp();
        type("name", "Ada");
        click("greet");
        await(textMatches(By.id("greeting"), Pattern.compile("Hello, Ada! This is R \\d+\\.\\d+\\.\\d+\\.")));
    }

    @Test
    void theAppShowsAPlotAndTheNumbersBehindIt() {
        openApp();
        type("n", "250");
        click("draw");
        WebElement plot = await(visibilityOfElementLocated(By.id("plot")));
        await(driver -> "true".equals(plot.getDomProperty("complete")) && width(plot) > 0);
        await(textMatches(By.id("summary"), Pattern.compile("(?s)n\\s+250\\b.*")));
        assertTrue(
                plot.getDomProperty("src").matches(".*/ocpu/tmp/x0[0-9a-f]+/graphics/last/svg.*"),
                plot.getDomProperty("src"));
    }

    @Test
    void theAppShowsWhatRObjectsTo() {
        openApp();
        type("n", "-1");
        click("draw");
        await(textMatches(By.id("error"), Pattern.compile("(?s).*'n' must be a whole number from 2 to 100000.*")));
        type("n", "100");
        click("draw");
        await(visibilityOfElementLocated(By.id("plot")));
        assertEquals("", browser.findElement(By.id("error")).getText());
    }

    @Test
    void theFrontPageLeadsToTheApp() {
        browser.get(server.address() + "/");
        browser.findElement(By.linkText("A First App for 'ocpu'")).click();
        await(textToBe(By.tagName("h1"), "Hello from R"));
    }

    @Test
    void aBuildsPageGrowsUntilTheBuildIsFinished() throws Exception {
        long build = push("again");
        browser.get(server.address() + "/builds/" + build);
        await(attributeContains(By.cssSelector("h1 .state"), "data-state", "succeeded"));
        await(textMatches(By.id("log"), Pattern.compile("(?s).*\\[checkout].*\\[install].*\\[publish].*")));
        assertEquals(
                server.address() + "/ocpu/apps/demo/again/www/",
                browser.findElement(By.linkText("Open the app")).getDomProperty("href"));
    }

    private static ChromeOptions options() {
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
                "--user-data-dir=" + directory.resolve("chromium"));
    }

    /** Pushes the sample app and delivers the push as GitHub does. */
    private static long push(String repo) throws Exception {
        LocalPush push = LocalRepository.push(data.path(), "demo", repo, SAMPLE);
        byte[] payload = push.payload();
        HttpRequest.Builder delivery = HttpRequest.newBuilder(URI.create(server.address() + "/ocpu/webhook"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(payload));
        LocalPush.headers(payload, data.secret()).forEach(delivery::header);
        HttpResponse<String> answer = HttpClient.newHttpClient().send(delivery.build(), BodyHandlers.ofString());
        Matcher build = Pattern.compile("\"build\":(\\d+)").matcher(answer.body());
        assertTrue(answer.statusCode() == 202 && build.find(), () -> "not accepted: " + answer.body());
        return Long.parseLong(build.group(1));
    }

    private static void openApp() {
        browser.get(server.address() + "/ocpu/apps/demo/hello/www/");
    }

    private static void type(String id, String text) {
        WebElement field = browser.findElement(By.id(id));
        field.clear();
        field.sendKeys(text);
    }

    private static void click(String id) {
        browser.findElement(By.id(id)).click();
    }

    private static <T> T await(ExpectedCondition<T> condition) {
        return new WebDriverWait(browser, Duration.ofSeconds(60)).until(condition);
    }

    private static long width(WebElement image) {
        return Long.parseLong(image.getDomProperty("naturalWidth"));
    }
}
