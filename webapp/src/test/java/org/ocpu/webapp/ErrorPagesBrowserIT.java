package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.urlToBe;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** What somebody with a browser sees where something goes wrong, and that programs get the same as plain text. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ErrorPagesBrowserIT {
    private static final String FORBIDDEN = "/ocpu/apps/secret/app/www/";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void start() {
        server = new TestServer(
                directory.resolve("data"),
                Map.of(
                        "auth.apps.secret",
                        "bearer " + SecretHash.ofToken("right").text()));
        browser = new TestBrowser(directory.resolve("profile"));
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    @Test
    void whatIsNotThereIsAPageThatHelpsToFindIt() {
        for (String path :
                List.of("/nothing", "/builds/999", "/ocpu/apps/no/app/", "/ocpu/tmp/x0123456789/", "/apps/no/app")) {
            open(path, "Not Found");
            assertEquals(404, server.get(path).statusCode(), path);
            assertPlain(server.get(path));
        }
        browser.assertAccessible();
        browser.type(By.id("q"), "hello");
        browser.find(By.id("q")).submit();
        browser.await(urlToBe(server.address() + "/?q=hello"));
    }

    @Test
    void whatNeedsATokenSaysSo() {
        open(FORBIDDEN, "Unauthorized");
        assertEquals("This needs a password or a token.", lead());
        browser.assertAccessible();
        assertPlain(server.get(FORBIDDEN));
    }

    @Test
    void anErrorOfRIsShownWithItsCall() {
        String path = "/ocpu/library/stats/R/rnorm/csv";
        open(path, "Bad Request");
        String words = browser.find(By.cssSelector(".words")).getText();
        assertTrue(words.contains("cannot coerce class") && words.contains("In call"), words);
        browser.assertAccessible();
        assertPlain(server.get(path));
    }

    @Test
    void whatNobodyExpectedHasTheNumberThatTheLogHas() throws Exception {
        server.publish("ada", "tiny", SmallPackage.write(directory.resolve("tiny"), "1.0", "f <- function() 1\n"));
        Path index = server.data.path().resolve("apps/ada/tiny/current/tinypkg/help/aliases.rds");
        Files.createDirectories(index.getParent());
        Files.writeString(index, "damaged");
        String manuals = "/ocpu/apps/ada/tiny/man/";
        ErrorLog log = new ErrorLog();
        open(manuals, "Server Error");
        String id = browser.find(By.cssSelector(".code pre")).getText();
        List<String> logged = log.stopAndGet();
        assertTrue(
                logged.stream().anyMatch(line -> line.startsWith("Error " + id + " on GET " + manuals)),
                logged::toString);
        browser.assertAccessible();
        assertPlain(server.get(manuals));
    }

    @Test
    void programsThatPreferJsonGetItAndTheJsonApiHasNoPages() {
        assertEquals("application/json", type(server.get("/nothing", "Accept", "application/json")));
        assertEquals(
                "application/problem+json;charset=utf-8",
                type(server.get("/api/v1/builds/999", "Accept", "text/html")));
    }

    private static void open(String path, String title) {
        browser.open(server.address() + path);
        assertEquals(title, browser.find(By.tagName("h1")).getText(), path);
    }

    private static String lead() {
        return browser.find(By.cssSelector(".lead")).getText();
    }

    private static void assertPlain(HttpResponse<byte[]> answer) {
        assertEquals("text/plain;charset=utf-8", type(answer));
    }

    private static String type(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }
}
