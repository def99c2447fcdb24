package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.builder.SyncRunState;
import org.ocpu.builder.SyncRunView;

/** Packages that are installed when somebody asks for them first. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class OnDemandIT {
    @TempDir
    static Path directory;

    private static WebRepository repository;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        repository = new WebRepository(directory.resolve("repository")).up();
        repository.add(
                plain("read", ""),
                plain("waited", "Imports: needed\n"),
                plain("needed", ""),
                plain("called", ""),
                plain("crowd", ""),
                plain("current", ""),
                plain("together", ""),
                plain("listed", ""),
                plain("busy", ""),
                plain("many", ""),
                repository.source("broken", "1.0", "", "stop('no luck')\n", Map.of()),
                repository.source("hopeless", "1.0", "Imports: broken\n", "f <- 1\n", Map.of()));
        server = server("data", Map.of("sync.cran.packages", "listed", "sync.cran.cron", "off"));
        assertEquals(404, waiting("/ocpu/cran/nosuch/").statusCode(), "it knows what there is");
    }

    @AfterAll
    static void stop() {
        server.close();
        repository.close();
    }

    private static Path plain(String name, String fields) throws IOException {
        return repository.source(name, "1.0", fields, "name <- function() '" + name + "'\n", Map.of());
    }

    private static TestServer server(String data, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "repos", repository.url(),
                "cran.ondemand", "true",
                "workers.queue", "40")); // all that wait for one package are answered at once when it is there
        settings.putAll(more);
        return new TestServer(directory.resolve(data), settings);
    }

    private static HttpResponse<byte[]> waiting(String path) {
        return waiting(server, path);
    }

    private static HttpResponse<byte[]> waiting(TestServer server, String path) {
        return server.get(path, "Prefer", "wait=60");
    }

    private static HttpResponse<byte[]> callWaiting(String path) {
        return server.send(server.request(path)
                .header("Prefer", "wait=60")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.noBody()));
    }

    private static long run(HttpResponse<byte[]> answer) {
        String link = header(answer, "Link");
        assertTrue(link.matches("</api/v1/runs/\\d+>; rel=\"monitor\""), link);
        return Long.parseLong(link.replaceAll("^.*/(\\d+)>.*$", "$1"));
    }

    private static JsonNode json(String path) throws IOException {
        return new ObjectMapper().readTree(server.get(path).body());
    }

    private static void assertMayBeAskedAgain(HttpResponse<byte[]> answer) {
        assertTrue(Integer.parseInt(header(answer, "Retry-After")) > 0, header(answer, "Retry-After"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        server.assertTellsNothing(text(answer));
    }

    @Test
    void aFirstReadIsAcceptedAndThenServed() throws Exception {
        awaitNoRun();
        CountDownLatch held = repository.hold("read_1.0.tar.gz");
        HttpResponse<byte[]> first = server.get("/ocpu/cran/read/R/name/print");
        assertEquals(202, first.statusCode(), text(first));
        assertMayBeAskedAgain(first);
        long run = run(first);
        assertEquals("5", header(first, "Retry-After"));
        assertEquals("Package read is being installed. See /api/v1/runs/" + run, text(first));
        HttpResponse<byte[]> head = server.head("/ocpu/cran/read/");
        assertEquals("202 0", head.statusCode() + " " + head.body().length);
        assertEquals(run, run(head));
        HttpResponse<byte[]> json = server.get("/ocpu/cran/read/info", "Accept", "application/json");
        assertEquals(
                202, new ObjectMapper().readTree(json.body()).path("status").asInt());
        repository.awaitRequest("read_1.0.tar.gz");
        assertEquals("running", json("/api/v1/runs/" + run).path("state").asText());
        assertEquals(
                run, json("/api/v1/syncs/on-demand/runs").get(0).path("run").asLong());
        assertEquals(200, server.get("/syncs/on-demand/runs/" + run).statusCode());
        assertTrue(text(server.get("/syncs/on-demand")).contains("asked for: read"));
        held.countDown();

        HttpResponse<byte[]> then = waiting("/ocpu/cran/read/R/name/print");
        assertEquals(200, then.statusCode(), text(then));
        assertEquals("", header(server.get("/ocpu/cran/read/info"), "Preference-Applied"));
        assertEquals(200, server.head("/ocpu/cran/read/info").statusCode());
        assertTrue(text(server.get("/ocpu/cran/")).contains("read"));
    }

    /** Others' packages may be there while their runs are not quite over. */
    private static void awaitNoRun() throws IOException {
        while (!json("/api/v1/syncs/on-demand/runs").findValuesAsText("state").stream()
                .allMatch(state -> Set.of("succeeded", "failed").contains(state))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatHasToWaitForASyncSaysSoAndIsToBeAskedForLater() throws Exception {
        CountDownLatch held = repository.hold("busy_1.0.tar.gz");
        Map<String, String> settings = Map.of("sync.cran.packages", "busy", "sync.cran.cron", "off");
        try (TestServer own = server("data-behind", settings)) {
            assertEquals(404, waiting(own, "/ocpu/cran/nosuch/").statusCode());
            long sync = own.server.builds().syncs().run("cran").id();
            repository.awaitRequest("busy_1.0.tar.gz");
            HttpResponse<byte[]> behind = own.get("/ocpu/cran/needed/info");
            assertEquals("202 60", behind.statusCode() + " " + header(behind, "Retry-After"));
            assertEquals(
                    "Package needed will be installed after run %d (cran). See /api/v1/runs/%d"
                            .formatted(sync, run(behind)),
                    text(behind));
            HttpResponse<byte[]> third = own.get("/ocpu/cran/read/info");
            assertEquals("202 60", third.statusCode() + " " + header(third, "Retry-After"));
            assertTrue(text(third).contains("after run %d (cran) and 1 more.".formatted(sync)), text(third));
            HttpResponse<byte[]> synced = own.get("/ocpu/cran/busy/info");
            assertEquals("202 5", synced.statusCode() + " " + header(synced, "Retry-After"));
            assertTrue(text(synced).startsWith("Package busy is being installed."), text(synced));
            held.countDown();
            assertEquals(200, waiting(own, "/ocpu/cran/needed/info").statusCode());
            assertEquals(200, waiting(own, "/ocpu/cran/read/info").statusCode());
        }
    }

    @Test
    void whoPrefersToWaitWhereManyDoIsAnsweredAtOnce() {
        CountDownLatch held = repository.hold("many_1.0.tar.gz");
        ExecutorService crowd = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<HttpResponse<byte[]>>> all = IntStream.range(0, 33)
                    .mapToObj(n -> CompletableFuture.supplyAsync(() -> waiting("/ocpu/cran/many/info"), crowd))
                    .toList();
            CompletableFuture.anyOf(all.toArray(CompletableFuture[]::new)).join();
            held.countDown();
            Map<String, Long> answers = all.stream()
                    .map(CompletableFuture::join)
                    .collect(Collectors.groupingBy(
                            one -> one.statusCode() + " " + header(one, "Preference-Applied"), Collectors.counting()));
            assertEquals(Map.of("202 ", 1L, "200 wait=60", 32L), answers);
        } finally {
            held.countDown();
            crowd.shutdown();
        }
    }

    @Test
    void whoPrefersToWaitIsServedWithWhatThePackageNeeds() {
        HttpResponse<byte[]> answer = waiting("/ocpu/cran/waited/R/name/json");
        assertEquals(200, answer.statusCode(), text(answer));
        assertEquals("wait=60", header(answer, "Preference-Applied"));
        HttpResponse<byte[]> needed = server.get("/ocpu/cran/needed/DESCRIPTION");
        assertEquals(200, needed.statusCode(), text(needed));
        assertEquals("", header(needed, "Preference-Applied"));
    }

    @Test
    void aCallIsMadeOnceThePackageIsThere() {
        CountDownLatch held = repository.hold("called_1.0.tar.gz");
        HttpResponse<byte[]> refused = server.call("/ocpu/cran/called/R/name/json");
        assertEquals(503, refused.statusCode(), text(refused));
        assertMayBeAskedAgain(refused);
        assertTrue(run(refused) > 0);
        HttpResponse<byte[]> soon = server.send(server.request("/ocpu/cran/called/R/name/json")
                .header("Prefer", "wait=1")
                .POST(BodyPublishers.noBody()));
        assertEquals("503 wait=1", soon.statusCode() + " " + header(soon, "Preference-Applied"));
        held.countDown();
        HttpResponse<byte[]> made = callWaiting("/ocpu/cran/called/R/name/json");
        assertEquals("201 [\"called\"]", made.statusCode() + " " + text(made));
    }

    @Test
    void manyRequestsStartOneRun() {
        CountDownLatch held = repository.hold("crowd_1.0.tar.gz");
        ExecutorService crowd = Executors.newFixedThreadPool(10);
        try {
            List<CompletableFuture<HttpResponse<byte[]>>> all = IntStream.range(0, 10)
                    .mapToObj(n -> CompletableFuture.supplyAsync(() -> server.get("/ocpu/cran/crowd/info"), crowd))
                    .toList();
            Set<Long> runs = all.stream().map(one -> run(one.join())).collect(Collectors.toSet());
            assertEquals(1, runs.size(), runs.toString());
            held.countDown();
            List<CompletableFuture<HttpResponse<byte[]>>> waiting = IntStream.range(0, 10)
                    .mapToObj(n -> CompletableFuture.supplyAsync(() -> waiting("/ocpu/cran/crowd/info"), crowd))
                    .toList();
            waiting.forEach(one -> assertEquals(200, one.join().statusCode(), text(one.join())));
            assertEquals(1, repository.requests("crowd_1.0.tar.gz"));
        } finally {
            crowd.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", ".hidden", "..%2fread", "%2e%2e", "re%20ad", "1", "read%00", "%3Cb%3E", "LONG"})
    void whatNoRepositoryHasIsNotThereAndNobodyIsAsked(String name) {
        int before = repository.requests();
        String path = "/ocpu/cran/" + name.replace("LONG", "x".repeat(3_000));
        for (HttpResponse<byte[]> answer : List.of(
                server.get(path + "/info"),
                waiting(path + "/R/f"),
                server.call(path + "/R/f"),
                server.head(path + "/"))) {
            assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, answer.statusCode() + text(answer));
            assertEquals("", header(answer, "Retry-After"));
            assertTrue(text(answer).length() < 4_000, text(answer));
            server.assertTellsNothing(text(answer));
        }
        assertEquals(before, repository.requests());
    }

    @Test
    void aPackageThatCannotBeInstalledSaysWhyAndIsNotTriedForEachRequest() throws Exception {
        HttpResponse<byte[]> first = waiting("/ocpu/cran/hopeless/info");
        assertEquals(503, first.statusCode(), text(first));
        assertTrue(text(first).contains("needs broken") && text(first).contains("no luck. See /api"), text(first));
        assertMayBeAskedAgain(first);
        HttpResponse<byte[]> again = waiting("/ocpu/cran/hopeless/info");
        assertEquals(run(first), run(again));
        assertEquals(1, repository.requests("broken_1.0.tar.gz"));
        HttpResponse<byte[]> itself = waiting("/ocpu/cran/broken/info");
        assertEquals(503, itself.statusCode());
        assertTrue(text(itself).contains("no luck"), text(itself));
        String page = text(server.get("/syncs/on-demand/runs/" + run(first)));
        assertTrue(page.contains("no luck"), page);
    }

    @Test
    void asManyAreInstalledAsTheSettingsAllow() {
        try (TestServer few = server("data-few", Map.of("cran.ondemand.packages", "1"))) {
            HttpResponse<byte[]> two = waiting(few, "/ocpu/cran/waited/info");
            assertEquals(507, two.statusCode());
            assertTrue(
                    text(two).contains("2 packages would have to be installed")
                            && text(two).contains("cran.ondemand.packages"),
                    text(two));
            assertEquals(200, waiting(few, "/ocpu/cran/needed/info").statusCode());
            HttpResponse<byte[]> full = waiting(few, "/ocpu/cran/read/info");
            assertEquals(507, full.statusCode());
            assertTrue(text(full).contains("cran.ondemand.packages: 1"), text(full));
        }
    }

    @Test
    void runsThatWaitForEachOtherKeepToTheLimitTogether() {
        CountDownLatch held = repository.hold("together_1.0.tar.gz");
        try (TestServer few = server("data-together", Map.of("cran.ondemand.packages", "1"))) {
            assertEquals(404, waiting(few, "/ocpu/cran/nosuch/").statusCode());
            assertEquals(202, few.get("/ocpu/cran/together/info").statusCode());
            assertEquals(202, few.get("/ocpu/cran/needed/info").statusCode());
            repository.awaitRequest("together_1.0.tar.gz");
            String page = text(few.get("/syncs/on-demand"));
            assertTrue(page.contains("data-package=\"together\""), () -> "the run that goes on is not shown: " + page);
            held.countDown();
            HttpResponse<byte[]> second = waiting(few, "/ocpu/cran/needed/info");
            assertEquals(507, second.statusCode(), text(second));
            assertTrue(text(second).contains("cran.ondemand.packages"), text(second));
            assertEquals("together", text(few.get("/ocpu/cran/")));
        }
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheSettingsName() {
        try (TestServer small = server("data-small", Map.of("cran.ondemand.size", "100"))) {
            HttpResponse<byte[]> refused = waiting(small, "/ocpu/cran/needed/info");
            assertEquals(503, refused.statusCode());
            assertTrue(text(refused).contains("cran.ondemand.size"), text(refused));
        }
    }

    @Test
    void aRepositoryThatIsDownAtFirstIsNamedAndAskedAgain() throws Exception {
        try (WebRepository without = new WebRepository(directory.resolve("none")).up();
                TestServer own = server("data-none", Map.of("repos", without.url()))) {
            HttpResponse<byte[]> failed = own.get("/ocpu/cran/needed/info", "Prefer", "wait=2");
            assertEquals(503, failed.statusCode(), text(failed));
            int asked = without.requests();
            for (int i = 0; i < 20; i++) {
                HttpResponse<byte[]> again = own.get("/ocpu/cran/needed/info");
                assertEquals(503, again.statusCode(), text(again));
                assertTrue(text(again).contains("neither PACKAGES.gz nor PACKAGES"), text(again));
            }
            assertTrue(without.requests() <= asked + 2, "not asked for each request");
        }
        try (WebRepository down = new WebRepository(directory.resolve("repository"));
                TestServer own = server("data-down", Map.of("repos", down.url()))) {
            HttpResponse<byte[]> unknown = own.get("/ocpu/cran/needed/info");
            assertEquals(503, unknown.statusCode(), text(unknown));
            assertFalse(header(unknown, "Retry-After").isEmpty());
            HttpResponse<byte[]> failed = own.get("/ocpu/cran/needed/info", "Prefer", "wait=10");
            assertEquals(503, failed.statusCode(), text(failed));
            assertTrue(text(failed).contains(down.url()) && text(failed).contains("no connection"), text(failed));
            down.up();
            assertEquals(200, waiting(own, "/ocpu/cran/needed/info").statusCode());
        }
    }

    @Test
    void whereItIsNotEnabledNothingIsInstalled() {
        try (TestServer off = server("data-off", Map.of("cran.ondemand", "false"))) {
            for (HttpResponse<byte[]> answer :
                    List.of(waiting(off, "/ocpu/cran/read/info"), off.call("/ocpu/cran/read/R/name"))) {
                assertEquals(404, answer.statusCode());
                assertEquals("Package read is not installed in cran.", text(answer));
                assertEquals("", header(answer, "Preference-Applied"));
            }
            assertEquals(404, waiting("/ocpu/bioc/read/info").statusCode(), "it is enabled for cran only");
        }
    }

    @Test
    void bioconductorIsAskedForTheReleaseOfThisR() throws Exception {
        String r = RProgram.run(directory, "cat(as.character(getRversion()))").strip();
        int minor = Integer.parseInt(r.split("\\.")[1]);
        String release = "3." + (2 * minor + 12);
        Path site = directory.resolve("bioconductor");
        try (WebRepository bioconductor = new WebRepository(site).up();
                WebRepository part = new WebRepository(
                        site.resolve("packages").resolve(release).resolve("bioc"))) {
            part.add(part.source("genes", "1.0", "", "name <- function() 'genes'\n", Map.of()));
            String address = bioconductor.url() + "/packages/{bioc}/bioc";
            Map<String, String> settings =
                    Map.of("bioc.ondemand", "true", "bioc.ondemand.repos", address + " " + repository.url());
            try (TestServer bioc = server("data-bioc", settings)) {
                HttpResponse<byte[]> genes = waiting(bioc, "/ocpu/bioc/genes/info");
                assertEquals(200, genes.statusCode(), text(genes));
                assertEquals(200, waiting(bioc, "/ocpu/bioc/needed/info").statusCode());
                assertEquals("genes\nneeded", text(bioc.get("/ocpu/bioc/")));
                assertEquals("", text(bioc.get("/ocpu/cran/")));
            }
        }
    }

    @Test
    void aSyncKeepsCurrentWhatRequestsHadInstalled() throws Exception {
        assertEquals(200, waiting("/ocpu/cran/current/info").statusCode());
        repository.add(repository.source("current", "1.1", "", "name <- function() 'newer'\n", Map.of()));
        SyncRunView run = server.server.builds().syncs().run("cran");
        server.get("/api/v1/runs/" + run.id() + "/events", "Accept", "text/event-stream"); // lasts as long as the run
        assertEquals(
                SyncRunState.SUCCEEDED,
                server.server.builds().syncs().find(run.id()).orElseThrow().state());
        assertEquals("[\"newer\"]", text(server.call("/ocpu/cran/current/R/name/json")));
        assertEquals("[\"listed\"]", text(server.call("/ocpu/cran/listed/R/name/json")));
    }

    @Test
    void whatRequestsHadInstalledIsThereAfterARestart() throws Exception {
        try (TestServer before = server("data-restart", Map.of())) {
            assertEquals(200, waiting(before, "/ocpu/cran/needed/info").statusCode());
        }
        try (TestServer after = server("data-restart", Map.of("repos", "http://127.0.0.1:1"))) {
            assertEquals("[\"needed\"]", text(after.call("/ocpu/cran/needed/R/name/json")));
        }
        assertTrue(Files.isDirectory(directory.resolve("data-restart/cran/packages/needed")));
    }
}
