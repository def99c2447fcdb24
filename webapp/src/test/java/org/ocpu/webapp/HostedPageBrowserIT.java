package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.jsReturnsValue;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** A hosted page that talks to its own package as pages with a client library do: uploads, chained calls, plots, errors. */
class HostedPageBrowserIT {
    private static final By FILE = By.id("file");

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestBrowser browser;

    @BeforeAll
    static void publishThePage() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of());
        server.publish("ada", "uploader", Path.of("src", "test", "apps", "uploader"));
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

    private static void upload(String name, String content) throws IOException {
        browser.open(server.server.api() + "/apps/ada/uploader/www/");
        Path file = Files.writeString(directory.resolve(name), content);
        browser.find(FILE).sendKeys(file.toString());
    }

    @Test
    void anUploadedTableIsFittedBySessionKeyAndDrawn() throws IOException {
        upload("my table.csv", "x,y\n1,2\n2,4\n3,6.5\n");
        browser.await(textMatches(By.id("slope"), Pattern.compile("(?s).*lm\\(formula = y ~ x.*2\\.25.*")));
        browser.await(jsReturnsValue("return document.getElementById('plot').naturalWidth === 400 || null"));
        assertEquals("", browser.find(By.id("error")).getText());
    }

    @Test
    void thePageIsToldWhatRSays() throws IOException {
        upload("empty.csv", "");
        browser.await(textMatches(By.id("error"), Pattern.compile("(?s).*no lines available in input.*")));
        assertTrue(browser.find(By.id("slope")).getText().isEmpty());
    }
}
