package org.ocpu.webapp;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.presenceOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
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

/** Syncs of a real server with a repository that R made: the API, the pages and the command. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SyncsIT {
    private static final String API = "/api/v1";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        TestRepository repository = new TestRepository(directory.resolve("repository"))
                .add("alpha", "", "alpha <- function() 1\n")
                .add("beta", "alpha", "beta <- function() alpha::alpha()\n")
                .add("broken", "", "stop('no luck')\n")
                .add("needs", "broken", "needs <- function() 1\n")
                .add("gamma", "", "gamma <- function() 1\n")
                .add("delta", "", "delta <- function() 1\n")
                .add("slow", "", "Sys.sleep(5)\n")
                .add("endless", "", "Sys.sleep(600)\n");
        server = new TestServer(
                directory.resolve("data"),
                Map.ofEntries(
                        entry("repos", repository.address()),
                        entry("sync.cran.packages", "beta, needs"),
                        entry("sync.cran.timezone", "Europe/Amsterdam"),
                        entry("sync.dry.packages", "gamma"),
                        entry("sync.dry.cron", "off"),
                        entry("sync.good.packages", "delta"),
                        entry("sync.bad.packages", "broken"),
                        entry("sync.slow.packages", "slow"),
                        entry("sync.endless.packages", "endless"),
                        entry("sync.gone.packages", "gamma"),
                        entry("sync.gone.repos", "http://127.0.0.1:1")));
        token = new AdminToken(server.data).renew();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> post(String path) {
        return server.send(server.request(API + path)
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
    }

    private static HttpResponse<byte[]> get(String path) {
        return server.get(API + path, "Authorization", "Bearer " + token);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private static long started(String sync) throws IOException {
        HttpResponse<byte[]> answer = post("/syncs/" + sync + "/run");
        assertEquals(202, answer.statusCode(), text(answer));
        long run = json(answer).path("run").asLong();
        assertEquals(API + "/runs/" + run, header(answer, "Location"));
        return run;
    }

    /** All that the server tells of a run until its end. */
    private static String events(long run) {
        return text(server.get(API + "/runs/" + run + "/events", "Accept", "text/event-stream"));
    }

    private static CommandRun ocpu(String... arguments) {
        return CommandRun.of(server, arguments);
    }

    private static CommandRun asAdmin(String... arguments) {
        return CommandRun.withToken(token, server, arguments);
    }

    private static void assertMatches(String schema, JsonNode value) throws IOException {
        JsonNode described =
                json(get("/openapi.json")).path("components").path("schemas").path(schema);
        described
                .path("required")
                .forEach(name -> assertTrue(value.has(name.asText()), () -> name + " is not in " + value));
        value.fieldNames()
                .forEachRemaining(
                        name -> assertTrue(described.path("properties").has(name), () -> name + " is not described"));
    }

    @Test
    void aRunIsToldByTheApiTheEventsThePageAndTheList() throws Exception {
        long first = started("cran");
        String events = events(first);
        assertTrue(events.contains("event: run") && events.contains("event: package"), events);
        assertTrue(events.strip().endsWith("data: {\"run\":" + first + "}"), events);
        JsonNode run = json(get("/runs/" + first));
        assertEquals("failed", run.path("state").asText(), run.toString());
        assertEquals(2, run.path("added").asInt(), run.toString());
        assertEquals(1, run.path("failed").asInt(), run.toString());
        assertEquals(1, run.path("skipped").asInt(), run.toString());
        assertMatches("RunPackage", run.path("packages").get(0));
        assertTrue(run.path("packages").toString().contains("no luck"), run.toString());
        String page = text(server.get("/syncs/cran/runs/" + first));
        assertTrue(page.contains("<h3>broken failed</h3>") && page.contains("no luck"), page);
        assertTrue(page.contains("<strong>beta</strong> 1.0"), page);
        assertEquals(404, server.get("/syncs/dry/runs/" + first).statusCode());
        long second = started("cran");
        events(second);
        HttpResponse<byte[]> newest = get("/syncs/cran/runs?limit=1");
        assertEquals(second, json(newest).get(0).path("run").asLong(), text(newest));
        assertMatches("Run", json(newest).get(0));
        String next = header(newest, "Link").replaceAll("<(.*)>.*", "$1");
        assertEquals(first, json(server.get(next)).get(0).path("run").asLong(), next);
    }

    @Test
    void theSyncsAreListedWithWhatIsConfigured() throws Exception {
        JsonNode sync = json(get("/syncs/cran"));
        assertMatches("Sync", sync);
        assertEquals("beta, needs", sync.path("wanted").asText());
        assertEquals("file:…/repository", sync.at("/repositories/0").asText());
        assertEquals("Europe/Amsterdam", sync.path("timezone").asText());
        assertEquals(7, json(get("/syncs")).size());
        String page = text(server.get("/syncs"));
        assertTrue(page.contains("03:00 Europe/Amsterdam") && page.contains("by hand only"), page);
        assertTrue(text(server.get("/")).contains("<a href=\"/syncs\">Syncs</a>"));
        String one = text(server.get("/syncs/cran"));
        assertTrue(one.contains("beta, needs, with what they need"), one);
        assertTrue(one.contains("<code>file:…/repository</code>"), one);
        assertFalse(one.contains(directory.toString()), "a page shows a directory of the server");
        assertEquals(200, server.get("/syncs/on-demand").statusCode());
    }

    @Test
    void aPlanChangesNothingAndSaysWhenARepositoryIsDown() throws Exception {
        JsonNode plan = json(get("/syncs/dry/plan"));
        assertMatches("SyncPlan", plan);
        assertMatches("SyncChange", plan.path("changes").get(0));
        assertEquals("add", plan.path("changes").get(0).path("action").asText(), plan.toString());
        CommandRun dry = asAdmin("sync", "dry", "--dry-run");
        assertEquals(0, dry.code(), dry.toString());
        assertTrue(dry.out().matches("(?s)dry: 1 to change, .*gamma +- +1.0 +not there yet.*"), dry.out());
        assertEquals(0, json(get("/syncs/dry/runs")).size());
        HttpResponse<byte[]> down = get("/syncs/gone/plan");
        assertEquals(502, down.statusCode(), text(down));
        assertTrue(text(down).contains("127.0.0.1:1"), text(down));
        CommandRun gone = asAdmin("sync", "gone", "--dry-run");
        assertEquals(1, gone.code(), gone.toString());
        assertTrue(gone.out().matches("(?s)gone could not begin: .*127\\.0\\.0\\.1:1.*"), gone.out());
        CommandRun all = asAdmin("sync", "--dry-run");
        assertEquals(1, all.code(), all.toString());
        assertTrue(all.out().contains("gone could not begin: "), all.out());
        assertTrue(all.out().contains("unchanged") && all.out().contains("gamma"), all.out());
        CommandRun asJson = asAdmin("sync", "gone", "--dry-run", "--json");
        assertEquals(1, asJson.code(), asJson.toString());
        assertEquals(
                "gone", new ObjectMapper().readTree(asJson.out()).at("/0/sync").asText(), asJson.out());
        assertTrue(asJson.out().contains("127.0.0.1:1"), asJson.out());
    }

    @Test
    void theCommandFollowsARunToItsEnd() throws Exception {
        CommandRun good = asAdmin("sync", "good");
        assertEquals(0, good.code(), good.toString());
        assertTrue(
                good.out().matches("(?s)Sync good, run \\d+: http.*delta 1.0 +added.*good: succeeded, 1 added.*"),
                good.out());
        CommandRun bad = asAdmin("sync", "bad");
        assertEquals(1, bad.code(), bad.toString());
        assertTrue(bad.out().matches("(?s).*broken 1.0 +FAILED.*no luck.*bad: failed, 1 failed, .*"), bad.out());
        CommandRun down = asAdmin("sync", "gone");
        assertEquals(1, down.code(), down.toString());
        assertTrue(down.out().contains("gone could not begin: "), down.out());
        CommandRun again = asAdmin("sync", "good", "--json");
        assertEquals(0, again.code(), again.toString());
        assertEquals(
                "succeeded",
                new ObjectMapper().readTree(again.out()).at("/0/state").asText(),
                again.out());
    }

    @Test
    void whatTheCommandCannotDoItSays() {
        assertEquals(2, asAdmin("sync", "Not a name").code());
        CommandRun unknown = asAdmin("sync", "nothing");
        assertEquals(1, unknown.code(), unknown.toString());
        assertTrue(unknown.err().contains("nothing"), unknown.err());
        CommandRun noToken = ocpu("sync", "good", "--dry-run");
        assertEquals(1, noToken.code(), noToken.toString());
        assertTrue(noToken.err().contains("./ocpu token"), noToken.err());
        CommandRun noServer = asAdmin("sync", "good", "--url", "http://127.0.0.1:1");
        assertTrue(noServer.err().contains("No server answers"), noServer.err());
    }

    @Test
    void whatIsNotThereOrNotAllowedIsRefused() throws IOException {
        for (String path :
                List.of("/syncs/nothing", "/syncs/nothing/runs", "/syncs/nothing/plan", "/runs/999999", "/runs/x")) {
            assertEquals(404, get(path).statusCode(), path);
        }
        assertEquals(
                404,
                server.get(API + "/runs/999999/events", "Accept", "text/event-stream")
                        .statusCode());
        assertEquals(404, get("/runs/999999/events").statusCode());
        long run = started("gone");
        assertEquals(406, get("/runs/" + run + "/events").statusCode(), "nobody asked for events");
        assertEquals(404, post("/syncs/nothing/run").statusCode());
        assertEquals(404, post("/runs/999999/cancel").statusCode());
        assertEquals(404, server.get("/syncs/nothing").statusCode());
        for (String query : List.of("limit=0", "limit=x", "before=x", "state=failed")) {
            assertEquals(400, get("/syncs/cran/runs?" + query).statusCode(), query);
        }
        assertEquals(401, server.get(API + "/syncs/cran/plan").statusCode());
        assertEquals(401, server.form(API + "/syncs/cran/run", "").statusCode());
        assertEquals(401, server.form(API + "/runs/1/cancel", "").statusCode());
    }

    @Test
    void aPageFollowsARunAndARunCanBeCancelled() throws Exception {
        try (TestBrowser browser = new TestBrowser(directory.resolve("chromium"))) {
            long run = started("slow");
            browser.open(server.server.address() + "/syncs/slow/runs/" + run);
            By step = By.cssSelector("#now [data-package=slow] .step");
            browser.await(textToBe(step, "installing"));
            browser.await(attributeToBe(By.id("state"), "data-state", "succeeded"));
            browser.await(presenceOfElementLocated(By.cssSelector("details.folded[open] li")));
            assertTrue(browser.find(By.id("counts")).getText().contains("1 added"));

            long endless = started("endless");
            browser.open(server.server.address() + "/syncs/endless");
            browser.await(textToBe(By.cssSelector("#now [data-package=endless] .step"), "installing"));
            assertEquals(endless, started("endless"), "a second run was started");
            HttpResponse<byte[]> cancelled = post("/runs/" + endless + "/cancel");
            assertEquals(202, cancelled.statusCode(), text(cancelled));
            browser.await(attributeToBe(By.cssSelector("#sync .state"), "data-state", "stopped"));
            assertFalse(browser.find(By.id("history")).getText().isBlank());
            assertEquals(409, post("/runs/" + endless + "/cancel").statusCode());
        }
    }
}
