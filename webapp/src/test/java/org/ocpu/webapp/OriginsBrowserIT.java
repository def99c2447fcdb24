package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real browser lets pages of apps do to each other and to the server's own, with hosts of the owners and without. */
class OriginsBrowserIT {
    private static final Path UPLOADER = Path.of("src", "test", "apps", "uploader");

    /** Calls a function of the page's package as jQuery does; what the page's script is told. */
    private static final String CALL = """
            const done = arguments[arguments.length - 1];
            const request = new XMLHttpRequest();
            request.open("POST", "../R/fit");
            request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
            request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
            request.onload = () => done(request.status + " " + request.getResponseHeader("Location"));
            request.onerror = () => done("blocked");
            request.send("data=data.frame(x%3Dcars%24speed,y%3Dcars%24dist)");
            """;

    /** Asks for what only the admin may read, with the right token. */
    private static final String ASK_AS_ADMIN = """
            const done = arguments[arguments.length - 1];
            fetch(arguments[0] + "/api/v1/outbox", { headers: { Authorization: "Bearer " + arguments[1] } })
              .then((answer) => done("answered " + answer.status), (refused) => done("blocked"));
            """;

    private static final String READ_STORED = """
            try { return String(localStorage.getItem("secret")); } catch (refused) { return refused.name; }
            """;

    /** Opens a page of the server beside this one and looks at it. */
    private static final String OPEN_BESIDE = """
            const done = arguments[arguments.length - 1];
            const other = window.open(arguments[0] + "/builds");
            const look = () => {
              try {
                const read = other?.document.title;
                if (read) { done("read " + read); return; }
              } catch (refused) { done(refused.name); return; }
              if (!other || other.closed) { done("severed"); return; }
              setTimeout(look, 20);
            };
            look();
            """;

    @TempDir
    static Path directory;

    private static TestServer shared;
    private static TestServer apart;
    private static String token;
    private static TestBrowser browser;

    @BeforeAll
    static void publish() throws Exception {
        shared = new TestServer(directory.resolve("shared"), Map.of());
        shared.publish("ada", "uploader", UPLOADER);
        token = new AdminToken(shared.data).renew();
        apart = new TestServer(directory.resolve("apart"), Map.of("apps.domain", "apps.test"));
        apart.publish("ada", "uploader", UPLOADER);
        apart.publish("bob", "uploader", UPLOADER);
        publishPullRequest();
        browser = new TestBrowser(
                directory.resolve("chromium"),
                "--host-resolver-rules=MAP *.apps.test 127.0.0.1",
                "--disable-popup-blocking");
        browser.driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
    }

    /** One of cyd's app, which anyone can have opened; built as another app and moved. */
    private static void publishPullRequest() throws Exception {
        apart.publish("cyd", "forked", UPLOADER);
        Path apps = apart.data.path().resolve("apps/cyd");
        Path about = apps.resolve("forked/current/app.json");
        String names = "\"repo\" : \"uploader\", \"preview\" : \"pr-7\"";
        Files.writeString(about, Files.readString(about).replace("\"repo\" : \"forked\"", names));
        Files.move(apps.resolve("forked"), apps.resolve("uploader@pr-7"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        for (TestServer server : new TestServer[] {shared, apart}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static Object run(String script, Object... arguments) {
        return browser.driver.executeScript(script, arguments);
    }

    private static String await(String script, Object... arguments) {
        return (String) browser.driver.executeAsyncScript(script, arguments);
    }

    private static String site(TestServer server) {
        return server.server.address().toString();
    }

    private static String of(String owner) {
        return "http://" + owner + ".apps.test:" + apart.server.address().getPort();
    }

    @Test
    void aPageOnTheServersHostHasNoneOfItsOriginAndStillCalls() throws Exception {
        browser.open(site(shared) + "/");
        run("localStorage.setItem('secret', 'of the server')");
        browser.open(shared.server.api() + "/apps/ada/uploader/www/");
        assertEquals("null", run("return self.origin"));
        assertEquals("SecurityError", run(READ_STORED));
        String made = await(CALL);
        assertTrue(made.startsWith("201 " + shared.server.api() + "/tmp/x0"), made);
        assertEquals("blocked", await(ASK_AS_ADMIN, site(shared), token));
        assertBesideIsOutOfReach(site(shared));
    }

    @Test
    void aPageThatACallMadeHasNoneEither() {
        String session = shared.session(
                "writeLines('<title>made</title><script>document.title = self.origin</script>', 'x.html')");
        browser.open(site(shared) + session + "files/x.html");
        assertEquals("null", browser.driver.getTitle());
        assertEquals("SecurityError", run(READ_STORED));
        assertEquals("blocked", await(ASK_AS_ADMIN, site(shared), token));
    }

    @Test
    void eachOwnerHasAnOriginThatNobodyElseReaches() throws Exception {
        browser.open(site(apart) + "/");
        run("localStorage.setItem('secret', 'of the server')");
        browser.open(apart.server.api() + "/apps/Ada/uploader/www/");
        assertEquals(of("ada") + "/uploader/www/", browser.driver.getCurrentUrl());
        assertEquals("null", run(READ_STORED));
        run("localStorage.setItem('secret', 'of ada')");
        String made = await(CALL);
        assertTrue(made.startsWith("201 " + of("ada") + "/ocpu/tmp/x0"), made);

        browser.open(of("bob") + "/uploader/");
        assertEquals(of("bob") + "/uploader/www/", browser.driver.getCurrentUrl());
        assertEquals("null", run(READ_STORED));
        assertEquals("blocked", await(ASK_AS_ADMIN, site(apart), new AdminToken(apart.data).renew()));
        assertBesideIsOutOfReach(site(apart));
        browser.open(of("ada") + "/uploader/www/");
        assertEquals("of ada", run(READ_STORED));
    }

    @Test
    void aPullRequestDoesNotGetTheOriginOfTheOwnerWhoseAppItWouldChange() throws Exception {
        for (String host : new String[] {of("cyd"), site(apart) + "/ocpu/apps/cyd"}) {
            browser.open(host + "/uploader@pr-7/www/");
            assertEquals(host + "/uploader@pr-7/www/", browser.driver.getCurrentUrl());
            assertEquals("null", run("return self.origin"));
            assertEquals("SecurityError", run(READ_STORED));
        }
    }

    private static void assertBesideIsOutOfReach(String site) {
        String page = browser.driver.getWindowHandle();
        String seen = await(OPEN_BESIDE, site);
        assertTrue(seen.equals("SecurityError") || seen.equals("severed"), seen);
        for (String other : browser.driver.getWindowHandles()) {
            if (!other.equals(page)) {
                browser.driver.switchTo().window(other).close();
            }
        }
        browser.driver.switchTo().window(page);
    }

    private static String host(String host, String method, String path) {
        return RawHttp.askHost(apart, host + ":" + apart.server.address().getPort(), method, path);
    }

    private static void assertAnswers(String status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    }

    @Test
    void theWholeApiOfAnAppIsOnItsOwnersHost() {
        assertAnswers("200", host("ada.apps.test", "GET", "/uploader/info"));
        assertAnswers("200", host("ADA.APPS.TEST.", "GET", "/uploader/R/fit/print"));
        assertAnswers("200", host("ada.apps.test", "GET", "/uploader/badge.svg"));
        assertAnswers("200", host("ada.apps.test", "GET", "/ocpu/library/MASS/info"));
        assertTrue(host("ada.apps.test", "GET", "/").endsWith("uploader\n"));
        assertTrue(host("ada.apps.test", "GET", "/uploader/R/fit").contains("\nLocation: /uploader/R/fit/print"));
        assertAnswers("200", host("ada.apps.test", "OPTIONS", "/uploader/R/fit"));
    }

    /** As a relative address that is right on the server's own host, and as an absolute one. */
    @Test
    void theClientLibraryIsOnEveryHost() {
        String load = """
                const done = arguments[arguments.length - 1];
                Promise.all([import("../../../../ocpu.mjs"), import("/ocpu/ocpu.mjs")])
                  .then(async ([{ ocpu }, absolute]) => {
                    const { call } = ocpu("../R");
                    const session = await call("fit", { data: absolute.ocpu.code("data.frame(x = 1:3, y = c(2, 4, 7))") });
                    done(String((await session.text()).includes("lm(formula = y ~ x")));
                  }).catch((failed) => done(String(failed)));
                """;
        for (String app : new String[] {shared.server.api() + "/apps/ada", of("ada")}) {
            browser.open(app + "/uploader/www/");
            assertEquals("true", await(load));
        }
        assertAnswers("404", host("ada.apps.test", "GET", "/uploader/ocpu.mjs"));
    }

    @Test
    void nothingOfTheServersOwnIsOnAnOwnersHost() {
        for (String path :
                new String[] {"/builds", "/assets/sync.js", "/api/v1/builds", "/syncs", "/ocpu/test/", "/ocpu/webhook"
                }) {
            String answer = host("ada.apps.test", "GET", path);
            assertAnswers("404", answer);
            assertTrue(answer.contains("Content-Security-Policy: sandbox"), answer);
        }
        assertAnswers("404", host("nobody.apps.test", "GET", "/"));
        assertAnswers("421", host("a.b.apps.test", "GET", "/"));
        assertAnswers("421", host("under_score.apps.test", "GET", "/"));
    }

    @Test
    void anyOtherHostIsTheServer() {
        for (String host : new String[] {"apps.test", "127.0.0.1", "strange.example.org"}) {
            assertAnswers("200", host(host, "GET", "/builds"));
        }
    }

    @Test
    void thePageOfAnAppIsOnNoOtherHost() {
        String page = of("ada") + "/uploader/www/?a=b";
        for (String host : new String[] {"localhost", "bob.apps.test"}) {
            String moved = host(host, "GET", "/ocpu/apps/ada/uploader/www/?a=b");
            assertAnswers("302", moved);
            assertTrue(moved.contains("\nLocation: " + page + "\r"), moved);
        }
        String other = host("ada.apps.test", "GET", "/ocpu/library/MASS/DESCRIPTION");
        assertTrue(other.contains("Content-Security-Policy: sandbox"), other);
    }
}
