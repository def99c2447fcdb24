package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.builder.SyncRunState;
import org.ocpu.builder.SyncRunView;

/** Packages that a sync has brought, as those who call them meet them. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SyncedLibraryIT {
    private static final String TINY = "/ocpu/cran/tiny/";

    @TempDir
    static Path directory;

    private static WebRepository repository;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        repository = new WebRepository(directory.resolve("repository")).up();
        repository.add(
                repository.source("inner", "1.0", "", "inner <- function() 'inner 1'\n", Map.of()),
                tiny(),
                changing("1"),
                late("1"),
                repository.source("other", "1.0", "", "other <- function() 1\n", Map.of()));
        server = new TestServer(
                directory.resolve("data"),
                Map.of(
                        "repos", repository.url(),
                        "sync.cran.packages", "tiny, changing, late",
                        "sync.cran.cron", "off",
                        "sync.bioc.packages", "other",
                        "sync.bioc.repos", repository.url()));
        sync("cran");
        sync("bioc");
    }

    @AfterAll
    static void stop() {
        server.close();
        repository.close();
    }

    private static Path tiny() throws IOException {
        return repository.source(
                "tiny",
                "1.0",
                "Imports: inner\nLazyData: true\n",
                """
                answer <- function(n = 42) n
                both <- function() c('tiny', inner::inner())
                fixed <- 42
                picture <- function() { plot(1:3); invisible('drawn') }
                """,
                Map.of(
                        "data/cities.csv", "city;people\nParis;2\n",
                        "man/answer.Rd", """
                        \\name{answer}\\alias{answer}\\alias{reply}\\title{The answer}
                        \\description{It is 42.}
                        """,
                        "inst/www/index.html", "<p>Hi</p>\n",
                        "inst/scripts/run.R", "x <- tiny::answer(6) * 7\nx\n"));
    }

    /** With something of each kind that R reads only when it is needed. */
    private static Path changing(String version) throws IOException {
        return repository.source(
                "changing",
                version + ".0",
                "Suggests: late\nLazyData: true\n",
                """
                version <- function() VERSION
                fixed <- VERSION
                engine <- function() as.integer(strsplit(readLines('/proc/self/stat'), ' ')[[1]][4])
                wait <- function() {
                  file.create('begun')
                  while (!file.exists('go')) Sys.sleep(0.01)
                  c(untouched(), numbers$x, late::late(), nrow(get(data(more, envir = environment()))),
                    readLines(system.file('text.txt', package = 'changing')))
                }
                untouched <- function() VERSION
                make <- function() { plot(1:3); function(x) x + version() }
                """.replace("VERSION", version),
                Map.of(
                        "data/numbers.csv", "x\n" + version + "\n",
                        "data/more.csv", "x\n" + "1\n".repeat(Integer.parseInt(version)),
                        "inst/text.txt", version + "\n"));
    }

    private static Path late(String version) throws IOException {
        return repository.source("late", version + ".0", "", "late <- function() " + version + "\n", Map.of());
    }

    private static void sync(String name) {
        SyncRunView run = server.server.builds().syncs().run(name);
        server.get("/api/v1/runs/" + run.id() + "/events", "Accept", "text/event-stream"); // lasts as long as the run
        SyncRunView ended = server.server.builds().syncs().find(run.id()).orElseThrow();
        assertEquals(
                SyncRunState.SUCCEEDED,
                ended.state(),
                () -> ended + " " + server.server.builds().syncs().packages(run.id()));
    }

    private static String session(HttpResponse<byte[]> made) {
        assertEquals(201, made.statusCode(), text(made));
        return "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/";
    }

    @Test
    void eachLibraryListsItsPackages() {
        assertEquals("changing\ninner\nlate\ntiny", text(server.get("/ocpu/cran/")));
        assertEquals("other", text(server.get("/ocpu/bioc/")));
        assertEquals("[1]", text(server.call("/ocpu/bioc/other/R/other/json")));
        assertEquals(404, server.get("/ocpu/bioc/tiny/info").statusCode());
        assertFalse(text(server.get("/ocpu/library/")).contains("tiny"));
        assertEquals(302, server.get("/ocpu/cran").statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DESCRIPTION | 200 | Version: 1.0",
                "info | 200 | Tiny",
                "R/ | 200 | answer",
                "R/answer/print | 200 | function (n = 42)",
                "R/fixed/json | 200 | [42]",
                "::fixed/json | 200 | [42]",
                "data/ | 200 | cities",
                "data/cities/csv | 200 | Paris",
                "man/ | 200 | answer",
                "man/answer/text | 200 | It is 42.",
                "man/answer/html | 200 | It is 42.",
                "html/ | 200 | The answer",
                "html/answer.html | 200 | It is 42.",
                "www/ | 200 | <p>Hi</p>",
                "www/index.html | 200 | <p>Hi</p>",
                "scripts/run.R | 200 | tiny::answer(6)",
                "scripts/ | 200 | run.R",
                "R/nosuch/json | 404 | nosuch",
                "data/nosuch/json | 404 | nosuch",
                "man/nosuch/text | 404 | nosuch",
                "nosuch.txt | 404 | There is nothing",
                "..%2fpackages.json | 4 | ",
                "%2e%2e/packages.json | 4 | ",
            })
    void whatAPackageHasIsRead(String path, String status, String words) {
        String address = path.startsWith("::") ? "/ocpu/cran/tiny" + path : TINY + path;
        HttpResponse<byte[]> answer = server.get(address);
        assertTrue(Integer.toString(answer.statusCode()).startsWith(status), answer.statusCode() + text(answer));
        if (words != null) {
            assertTrue(text(answer).contains(words), text(answer));
        }
        if (answer.statusCode() != 200) {
            server.assertTellsNothing(text(answer));
            return;
        }
        HttpResponse<byte[]> head = server.head(address);
        assertEquals("200 0", head.statusCode() + " " + head.body().length);
        assertEquals(header(answer, "ETag"), header(head, "ETag"));
        assertEquals(header(answer, "Content-Type"), header(head, "Content-Type"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', /ocpu/cran/tiny/",
        "/, /ocpu/cran/tiny/www/",
        "/R, /ocpu/cran/tiny/R/",
        "/R/answer, /ocpu/cran/tiny/R/answer/print",
        "/man/answer, /ocpu/cran/tiny/man/answer/text",
        "/man/reply/html, /ocpu/cran/tiny/man/answer/html",
        "/www, /ocpu/cran/tiny/www/",
    })
    void shortAddressesLeadOn(String path, String to) {
        HttpResponse<byte[]> answer = server.get("/ocpu/cran/tiny" + path);
        assertEquals(302, answer.statusCode(), text(answer));
        assertTrue(header(answer, "Location").endsWith(to), header(answer, "Location"));
    }

    @Test
    void functionsAreCalled() {
        assertEquals("[7]", text(server.call(TINY + "R/answer/json", "n", "7")));
        assertEquals("[8]", text(server.json(TINY + "R/answer/json", "{\"n\":8}")));
        assertEquals("[9]", text(server.call("/ocpu/cran/tiny::answer/json", "n", "9")));
        String both = text(server.call(TINY + "R/both/json"));
        assertEquals("[\"tiny\", \"inner 1\"]", both.replaceAll("\",\\s*\"", "\", \""));
        HttpResponse<byte[]> refused = server.call(TINY + "R/answer/json", "x", "7");
        assertEquals(400, refused.statusCode(), text(refused));
        assertTrue(text(refused).contains("unused argument"), text(refused));
        assertEquals(404, server.call(TINY + "R/nosuch").statusCode());
        assertEquals(404, server.call("/ocpu/cran/nosuch/R/f").statusCode());
    }

    @Test
    void aCallLeavesASession() {
        String session = session(server.call(TINY + "R/picture"));
        assertEquals("[\"drawn\"]", text(server.get(session + "R/.val/json")));
        assertEquals("image/png", header(server.get(session + "graphics/1/png"), "Content-Type"));
        assertTrue(text(server.get(session + "files/DESCRIPTION")).contains("a call of tiny::picture"));
        String key = session.replaceAll("/ocpu/tmp/|/$", "");
        assertEquals("[\"drawn\"]", text(server.call(TINY + "R/answer/json", "n", key)));
    }

    @Test
    void scriptsRun() {
        String session = session(server.call(TINY + "scripts/run.R"));
        assertEquals("[42]", text(server.get(session + "R/x/json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "R/fixed/json", "data/cities/csv", "man/answer/html", "www/index.html", "R/"})
    void answersAreKeptAndAskedForAnew(String path) {
        HttpResponse<byte[]> first = server.get(TINY + path);
        String etag = header(first, "ETag");
        assertFalse(etag.isEmpty());
        assertEquals("no-cache", header(first, "Cache-Control"));
        HttpResponse<byte[]> again = server.get(TINY + path, "If-None-Match", etag);
        assertEquals("304 0", again.statusCode() + " " + again.body().length);
        assertEquals(200, server.get(TINY + path, "If-None-Match", "\"x\"").statusCode());
    }

    @Test
    void otherMethodsAreNotAllowed() {
        for (String method : new String[] {"PUT", "DELETE", "PATCH"}) {
            HttpResponse<byte[]> refused =
                    server.send(server.request(TINY + "R/answer").method(method, BodyPublishers.noBody()));
            assertEquals(405, refused.statusCode(), method);
            assertTrue(header(refused, "Allow").contains("POST"), header(refused, "Allow"));
        }
        for (String path :
                List.of("/ocpu/cran/", TINY + "info", TINY + "R/", TINY + "data/cities", TINY + "man/answer")) {
            assertEquals(405, server.call(path).statusCode(), path);
        }
    }

    @Test
    void aLibraryCanBeSwitchedOff() {
        try (TestServer off = new TestServer(directory.resolve("data-off"), Map.of("enable.api.cran", "false"))) {
            for (String path : List.of("/ocpu/cran/", "/ocpu/cran/tiny/info")) {
                assertEquals(403, off.get(path).statusCode(), path);
            }
            HttpResponse<byte[]> refused = off.call("/ocpu/cran/tiny/R/answer");
            assertEquals(403, refused.statusCode());
            assertTrue(text(refused).contains("enable.api.cran: true"), text(refused));
            assertEquals("200 ", off.get("/ocpu/bioc/").statusCode() + " " + text(off.get("/ocpu/bioc/")));
        }
    }

    @Test
    void aRequestEndsWithTheVersionItBeganWithAndTheNextHasTheNewOne() throws Exception {
        String changing = "/ocpu/cran/changing/";
        String etag = header(server.get(changing + "R/fixed/json"), "ETag");
        String cached = session(server.call(changing + "R/version"));
        String made = session(server.call(changing + "R/make"));
        int engine =
                Integer.parseInt(text(server.call(changing + "R/engine/json")).replaceAll("\\D", ""));
        ProcessHandle old = TestServer.process(engine);
        CompletableFuture<HttpResponse<byte[]>> running =
                CompletableFuture.supplyAsync(() -> server.call(changing + "R/wait/json"));
        Path begun = server.made("begun", running);

        repository.add(changing("2"), late("2"));
        sync("cran");
        HttpResponse<byte[]> fixed = server.get(changing + "R/fixed/json", "If-None-Match", etag);
        assertEquals("200 [2] MISS", fixed.statusCode() + " " + text(fixed) + " " + header(fixed, "X-ocpu-cache"));
        assertNotEquals(etag, header(fixed, "ETag"));
        HttpResponse<byte[]> called = server.call(changing + "R/version");
        assertEquals("MISS", header(called, "X-ocpu-cache"));
        assertNotEquals(cached, session(called));
        assertEquals("[2]", text(server.get(session(called) + "R/.val/json")));
        assertTrue(text(server.get(changing + "DESCRIPTION")).contains("Version: 2.0"));
        assertTrue(old.isAlive(), "the request that began on it is not done");
        assertEquals(2, count("versions"), "the one in use, and the new one");
        assertEquals(2, count("packages/changing"));

        Files.createFile(begun.resolveSibling("go"));
        assertEquals("[1,1,1,1,1]", text(running.get()).replaceAll("[\\s\"]", ""));
        awaitOne("versions");
        awaitOne("packages/changing");
        awaitOne("packages/late");
        old.onExit().get(20, TimeUnit.SECONDS);

        assertEquals("[1]", text(server.get(cached + "R/.val/json")), "an old session stays as it was");
        assertTrue(text(server.get(made + "R/.val/print")).contains("version()"));
        assertTrue(header(server.get(made + "graphics/1/svg"), "Content-Type").startsWith("image/svg"));
        assertEquals("image/png", header(server.get(made + "graphics/last/png"), "Content-Type"));
        assertEquals(
                "[3]", text(server.call(made + "R/.val/json", "x", "1")), "its functions find the package of today");
        assertEquals(200, server.get(made + "info/print").statusCode());
    }

    /** Until what nobody uses any more is gone, which the test's time limit bounds. */
    private static void awaitOne(String part) throws IOException {
        while (count(part) != 1) {
            Thread.onSpinWait();
        }
    }

    private static long count(String part) throws IOException {
        try (Stream<Path> entries =
                Files.list(server.data.path().resolve("cran").resolve(part))) {
            return entries.count();
        }
    }

    @Test
    void anUpdateOfWhatAPackageNeedsIsSeenThroughIt() throws Exception {
        String both = text(server.call(TINY + "R/both/json"));
        assertTrue(both.contains("inner 1"), both);
        repository.add(repository.source("inner", "2.0", "", "inner <- function() 'inner 2'\n", Map.of()));
        sync("cran");
        try {
            String now = text(server.call(TINY + "R/both/json"));
            assertTrue(now.contains("inner 2"), now);
        } finally {
            repository.add(repository.source("inner", "3.0", "", "inner <- function() 'inner 1'\n", Map.of()));
            sync("cran");
        }
    }
}
