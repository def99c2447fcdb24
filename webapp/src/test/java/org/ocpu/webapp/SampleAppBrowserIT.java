package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
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

/** The sample app, pushed to a real server, and the server's own pages, as a person with a browser meets them. */
class SampleAppBrowserIT {
    private static final Path SAMPLE = Path.of("src/main/samples/hello");

    @TempDir
    static Path directory;

    private static DataDirectory data;
    private static Server server;
    private static TestBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        data = DataDirectory.open(directory.resolve("data"));
        server = Server.start(data, Map.of("port", "0"));
        BuildView build = server.builds().finished(push("hello")).get(3, TimeUnit.MINUTES);
        assertEquals(State.SUCCEEDED, build.state(), () -> "the sample app was not built: " + build);
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

    @Test
    void theAppGreetsWhoeverTypesTheirName() {
        openApp();
        browser.type(By.id("name"), "Ada");
        browser.click(By.id("greet"));
        browser.await(textMatches(By.id("greeting"), Pattern.compile("Hello, Ada! This is R \\d+\\.\\d+\\.\\d+\\.")));
    }

    @Test
    void theAppShowsAPlotAndTheNumbersBehindIt() {
        openApp();
        browser.type(By.id("n"), "250");
        browser.click(By.id("draw"));
        WebElement plot = browser.await(visibilityOfElementLocated(By.id("plot")));
        browser.await(driver -> "true".equals(plot.getDomProperty("complete")) && width(plot) > 0);
        browser.await(textMatches(By.id("summary"), Pattern.compile("(?s)n\\s+250\\b.*")));
        assertTrue(
                plot.getDomProperty("src").matches(".*/ocpu/tmp/x0[0-9a-f]+/graphics/1/svg.*"),
                plot.getDomProperty("src"));
    }

    @Test
    void theAppShowsWhatRObjectsTo() {
        openApp();
        browser.type(By.id("n"), "-1");
        browser.click(By.id("draw"));
        browser.await(
                textMatches(By.id("error"), Pattern.compile("(?s).*'n' must be a whole number from 2 to 100000.*")));
        browser.type(By.id("n"), "100");
        browser.click(By.id("draw"));
        browser.await(visibilityOfElementLocated(By.id("plot")));
        assertEquals("", browser.find(By.id("error")).getText());
    }

    @Test
    void theFrontPageLeadsToTheApp() {
        browser.open(server.address() + "/");
        browser.click(By.linkText("A First App for 'ocpu'"));
        browser.await(textToBe(By.tagName("h1"), "A First App for 'ocpu'"));
        browser.click(By.linkText("Open the app"));
        browser.await(textToBe(By.tagName("h1"), "Hello from R"));
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
        browser.open(server.address() + "/ocpu/apps/demo/hello/www/");
    }

    private static long width(WebElement image) {
        return Long.parseLong(image.getDomProperty("naturalWidth"));
    }
}
