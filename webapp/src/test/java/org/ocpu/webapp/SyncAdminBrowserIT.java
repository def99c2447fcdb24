package org.ocpu.webapp;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.invisibilityOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** What an admin does on the pages about syncs of a real server, with a browser. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SyncAdminBrowserIT {
    private static final By SAID = By.id("said");
    private static final By FIELD = By.id("token-field");
    private static final By HISTORY = By.id("history");
    private static final By SHOW = By.cssSelector("[data-does=plan]");
    private static final By RUN = By.cssSelector("[data-does=run]");
    private static final By CANCEL = By.cssSelector("[data-does=cancel]");
    private static final String ODD = "<img src=x onerror=document.title=1>";

    @TempDir
    static Path directory;

    private static TestRepository repository;
    private static TestServer server;
    private static String token;

    @TempDir
    Path profile;

    private TestBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        repository = new TestRepository(directory.resolve("repository"))
                .add("alpha", "", "alpha <- function() 1\n")
                .add("beta", "alpha", "beta <- function() alpha::alpha()\n")
                .add("gone", "", "gone <- function() 1\n");
        TestRepository others = new TestRepository(directory.resolve("others"))
                .add("needy", "alpha", "needy <- function() 1\n")
                .add("endless", "", "Sys.sleep(600)\n");
        RProgram.run(directory.resolve("others"), """
                setwd("src/contrib")
                index <- read.dcf("PACKAGES")
                index[index[, "Package"] == "needy", "Imports"] <- "%s"
                for (file in c("PACKAGES", "PACKAGES.gz")) {
                    into <- if (file == "PACKAGES") file(file, "w") else gzfile(file, "w")
                    write.dcf(index, into)
                    close(into)
                }
                unlink("PACKAGES.rds")
                """.formatted(ODD));
        server = new TestServer(
                directory.resolve("data"),
                Map.ofEntries(
                        entry("repos", others.address()),
                        entry("sync.cran.packages", "all"),
                        entry("sync.cran.repos", repository.address()),
                        entry("sync.lacking.packages", "nowhere, needy"),
                        entry("sync.endless.packages", "endless"),
                        entry("sync.endless.library", "bioc"),
                        entry("sync.endless.repos", others.address()),
                        entry("sync.down.packages", "alpha"),
                        entry("sync.down.repos", "http://127.0.0.1:1")));
        token = new AdminToken(server.data).renew();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void openBrowser() {
        browser = new TestBrowser(profile.resolve("chromium"));
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    private void open(String path) {
        browser.open(server.server.address() + path);
    }

    /** Clicks what needs the token, and gives it. */
    private void asAdmin(By button, String given) {
        browser.click(button);
        browser.await(visibilityOfElementLocated(FIELD));
        browser.type(FIELD, given + Keys.ENTER);
        browser.await(invisibilityOfElementLocated(FIELD));
    }

    private void awaitSaid(String pattern) {
        browser.await(textMatches(SAID, Pattern.compile(pattern)));
    }

    private Object stored() {
        return browser.driver.executeScript("return sessionStorage.length + localStorage.length");
    }

    /** All in one line, since how it is laid out depends on the window. */
    private String planned() {
        return browser.find(By.id("planned")).getText().replaceAll("\\s+", " ");
    }

    @Test
    void aPlanIsCarriedOutAndShownInTheHistory() throws Exception {
        open("/syncs/cran");
        assertEquals("It has not run yet.", browser.find(HISTORY).getText());
        asAdmin(SHOW, token);
        awaitSaid("3 packages would change\\.");
        assertTrue(planned().contains("3 to add"), planned());
        assertTrue(planned().contains("beta add 1.0 not there yet"), planned());

        browser.click(RUN); // the token is not asked for again
        awaitSaid("Run \\d+ has ended, succeeded: 3 added\\.");
        assertTrue(browser.find(HISTORY).getText().contains("3 added"), () -> browser.find(HISTORY)
                .getText());
        assertEquals("succeeded", browser.find(By.cssSelector("#sync .state")).getText());
        assertEquals("", browser.find(By.id("going")).getText());
        assertEquals(200, server.get("/ocpu/cran/beta/info").statusCode());
        browser.click(SHOW);
        awaitSaid("Nothing would change: 3 packages are as they should be\\.");
        assertEquals("", planned());

        repository.withdraw("gone").add("alpha", "", "alpha <- function() 2\n");
        browser.click(SHOW);
        awaitSaid("1 package would change\\.");
        assertTrue(planned().contains("alpha update 1.0 1.0 changed in the repository"), planned());
        assertTrue(planned().contains("1 withdrawn, but kept gone"), planned());
        browser.assertAccessible();
        for (String page : List.of("/syncs", "/syncs/cran/runs/" + newestRun("cran"))) {
            open(page);
            browser.assertAccessible();
        }
    }

    private static long newestRun(String sync) {
        return server.server
                .builds()
                .syncs()
                .runs(sync, OptionalLong.empty(), 1)
                .get(0)
                .id();
    }

    @Test
    void aTokenThatIsNotAcceptedIsForgotten() {
        open("/syncs/lacking");
        asAdmin(SHOW, "a-wrong-one");
        awaitSaid("This is not the admin token, or no longer\\. .*\\./ocpu token makes a new one\\.");
        assertEquals(0L, stored());
        asAdmin(SHOW, token);
        awaitSaid("2 packages would change\\.");
        assertEquals(1L, stored());
        open("/");
        assertEquals(0L, stored());
    }

    @Test
    void whoHasNoTokenIsLeftWhereTheyWere() {
        open("/syncs/lacking");
        browser.click(SHOW);
        browser.await(visibilityOfElementLocated(FIELD));
        browser.type(FIELD, "two words" + Keys.ENTER);
        assertEquals(
                true, browser.driver.executeScript("return arguments[0].matches(':invalid')", browser.find(FIELD)));
        browser.find(FIELD).sendKeys(Keys.ESCAPE);
        browser.await(invisibilityOfElementLocated(FIELD));
        assertEquals("", browser.find(SAID).getText());
        assertEquals(browser.find(SHOW), browser.driver.switchTo().activeElement());
        assertEquals(0L, stored());
    }

    @Test
    void whatCannotBeHadIsShownAsText() {
        open("/syncs/lacking");
        asAdmin(SHOW, token);
        awaitSaid("2 packages would change\\.");
        assertTrue(planned().contains("1 would fail 1 to add"), planned());
        assertTrue(planned().contains("nowhere fail"), planned());
        assertTrue(planned().contains(ODD), planned());
        open("/syncs/down");
        asAdmin(SHOW, token);
        awaitSaid("(?s).*127\\.0\\.0\\.1:1.*");
        assertEquals("wrong", browser.find(SAID).getAttribute("class"));
    }

    @Test
    void aRunThatGoesOnIsFollowedAndCancelled() {
        open("/syncs/endless");
        asAdmin(RUN, token);
        browser.await(textToBe(By.cssSelector("#now [data-package=endless] .step"), "installing"));
        browser.click(RUN);
        awaitSaid("Run \\d+ is under way already\\.");
        browser.assertAccessible();
        browser.click(By.cssSelector("#history a"));
        asAdmin(CANCEL, token);
        awaitSaid("Run \\d+ has ended, stopped: .*");
        browser.await(attributeToBe(By.id("state"), "data-state", "stopped"));
        assertFalse(browser.driver.findElements(CANCEL).iterator().hasNext());
    }

    @Test
    void aPlanOfThousandsIsCutShort() {
        open("/syncs/cran");
        Object parts = browser.driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const changes = Array.from({ length: 20000 }, (_, i) => ({ name: `a${i}`, action: "remove", before: "1.0" }));
                import("/assets/plan.js").then(({ shown }) => {
                  document.getElementById("planned").append(...shown({ changes, unchanged: 7, withdrawn: [], notes: [] }));
                  done(document.querySelectorAll("#planned tbody tr").length);
                });
                """);
        assertEquals(1000L, parts);
        assertTrue(planned().startsWith("20000 to remove 7 unchanged"), planned());
        assertTrue(planned().endsWith("and 19000 more packages"), planned());
    }
}
