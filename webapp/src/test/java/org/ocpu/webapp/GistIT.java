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

/** Gists of a real git server; each request asks it whether there is a newer version. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GistIT {
    private static final Map<String, String> FILES = Map.of(
            "run.R", "n <- 6\nplot(1:n)\nn * 7\n",
            "report.Rmd", "# Report\n\n```{r}\nread.csv('data.csv')$a * 7\n```\n",
            "data.csv", "a\n6\n",
            "lib/more.R", "more <- 1\n",
            "page.html", "<p>Hi</p>\n");

    @TempDir
    static Path directory;

    private static GistServer gists;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        gists = new GistServer(directory.resolve("gists"));
        gists.commit("ada/0a1b", FILES);
        server = new TestServer(
                directory.resolve("data"), Map.of("gist.url", gists.url(), "gist.maxage", "0", "gist.size", "100000"));
    }

    @AfterAll
    static void stop() {
        server.close();
        gists.close();
    }

    private static String session(HttpResponse<byte[]> made) {
        assertEquals(201, made.statusCode(), text(made));
        return "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/";
    }

    @Test
    void listsItsFiles() {
        HttpResponse<byte[]> list = server.get("/ocpu/gist/ada/0a1b/");
        assertEquals("data.csv\nlib\npage.html\nreport.Rmd\nrun.R", text(list));
        assertEquals("text/plain;charset=utf-8", header(list, "Content-Type").replace(" ", ""));
        assertEquals("max-age=60, public", header(list, "Cache-Control"));
        assertEquals("more.R", text(server.get("/ocpu/gist/ada/0a1b/lib/")));
        HttpResponse<byte[]> moved = server.get("/ocpu/gist/ada/0a1b");
        assertEquals(302, moved.statusCode());
        assertTrue(header(moved, "Location").endsWith("/ocpu/gist/ada/0a1b/"), header(moved, "Location"));
    }

    @Test
    void servesAFileAsPackagesDo() {
        String path = "/ocpu/gist/ada/0a1b/page.html";
        HttpResponse<byte[]> file = server.get(path);
        assertEquals("200 <p>Hi</p>", file.statusCode() + " " + text(file));
        assertTrue(header(file, "Content-Type").startsWith("text/html"), header(file, "Content-Type"));
        assertFalse(header(file, "Last-Modified").isEmpty());
        assertEquals(
                304, server.get(path, "If-None-Match", header(file, "ETag")).statusCode());
        HttpResponse<byte[]> part = server.get(path, "Range", "bytes=3-4");
        assertEquals("206 Hi", part.statusCode() + " " + text(part));
        HttpResponse<byte[]> head = server.head(path);
        assertEquals("200 10 0", head.statusCode() + " " + header(head, "Content-Length") + " " + head.body().length);
        assertEquals("", header(file, "Warning"));
    }

    @Test
    void runsAnRScript() {
        String session = session(server.call("/ocpu/gist/ada/0a1b/run.R"));
        assertEquals("[6]", text(server.get(session + "R/n/json")));
        assertEquals("[1] 42", text(server.get(session + "stdout/text")));
        assertEquals("image/png", header(server.get(session + "graphics/1/png"), "Content-Type"));
        String description = text(server.get(session + "files/DESCRIPTION"));
        assertTrue(description.contains("running run.R of gist/ada/0a1b, commit "), description);
        assertEquals("[6]", text(server.call("/ocpu/library/base/R/identity/json", "x", key(session) + "::n")));
    }

    private static String key(String session) {
        return session.replaceAll("/ocpu/tmp/|/$", "");
    }

    @Test
    void rendersADocumentThatReadsWhatStandsBesideIt() {
        String session = session(server.call("/ocpu/gist/ada/0a1b/report.Rmd", "format", "html"));
        String html = text(server.get(session + "files/report.html"));
        assertTrue(html.contains("42"), html);
        assertFalse(text(server.get(session + "files/")).contains("data.csv"), "what was there is no result");
    }

    @Test
    void aChangeIsSeenAndOldSessionsStay() throws IOException {
        gists.commit("ada/1", Map.of("run.R", "x <- 1\n", "old.R", ""));
        String path = "/ocpu/gist/ada/1/run.R";
        String etag = header(server.get(path), "ETag");
        String first = session(server.call(path));
        assertEquals(first, session(server.call(path)), "the same call has the same session");

        gists.commit("ada/1", Map.of("run.R", "x <- 2\n"));
        HttpResponse<byte[]> changed = server.get(path, "If-None-Match", etag);
        assertEquals("200 x <- 2", changed.statusCode() + " " + text(changed));
        assertEquals(404, server.get("/ocpu/gist/ada/1/old.R").statusCode());
        String second = session(server.call(path));
        assertNotEquals(first, second);
        assertEquals("[2]", text(server.get(second + "R/x/json")));
        assertEquals("[1]", text(server.get(first + "R/x/json")));

        Files.move(gists.bare("ada/1"), directory.resolve("deleted"));
        assertEquals(404, server.get(path).statusCode());
        assertEquals("[1]", text(server.get(first + "R/x/print")).substring(0, 3));
        assertEquals("[1]", text(server.call("/ocpu/library/base/R/identity/json", "x", key(first) + "::x")));
    }

    @Test
    void aScriptThatRunsKeepsItsVersion() throws Exception {
        String script = "file.create('begun')\nwhile (!file.exists('changed')) Sys.sleep(0.01)\n";
        gists.commit("ada/2", Map.of("run.Rmd", "```{r}\n" + script + "```\n", "beside.txt", "old"));
        CompletableFuture<HttpResponse<byte[]>> running =
                CompletableFuture.supplyAsync(() -> server.call("/ocpu/gist/ada/2/run.Rmd", "format", "html"));
        Path begun = server.made("begun", running);
        gists.commit("ada/2", Map.of("beside.txt", "new"));
        assertEquals("new", text(server.get("/ocpu/gist/ada/2/beside.txt")));
        assertEquals(404, server.get("/ocpu/gist/ada/2/run.Rmd").statusCode());
        assertEquals(2, versions("ada/2"), "the one that is in use, and the new one");
        Files.createFile(begun.resolveSibling("changed"));
        assertEquals(201, running.get().statusCode(), text(running.get()));
        assertEquals(1, versions("ada/2"));
    }

    private static long versions(String gist) throws IOException {
        try (Stream<Path> versions =
                Files.list(server.data.path().resolve("gist").resolve(gist).resolve("versions"))) {
            return versions.count();
        }
    }

    @Test
    void whileItsServerIsDownTheOldCopyIsServedWithAWarning() throws IOException {
        try (GistServer down = new GistServer(directory.resolve("down"))) {
            down.commit("ada/0a1b", FILES);
            Path data = directory.resolve("data-down");
            Map<String, String> settings = Map.of("gist.url", down.url(), "gist.maxage", "0");
            try (TestServer own = new TestServer(data, settings)) {
                String path = "/ocpu/gist/ada/0a1b/run.R";
                assertEquals(200, own.get(path).statusCode());
                down.stop();
                HttpResponse<byte[]> old = own.get(path);
                assertEquals("200 " + FILES.get("run.R").strip(), old.statusCode() + " " + text(old));
                assertTrue(header(old, "Warning").startsWith("111 ocpu \"The gist ada/0a1b cannot be fetched"));
                assertEquals(201, own.call(path).statusCode());
                HttpResponse<byte[]> unknown = own.get("/ocpu/gist/ada/f/run.R");
                assertEquals(502, unknown.statusCode());
                assertTrue(text(unknown).startsWith("The gist ada/f cannot be fetched"), text(unknown));
                own.assertTellsNothing(text(unknown));
            }
        }
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheSettingsName() throws IOException {
        gists.commit("ada/4", Map.of("large.txt", "x".repeat(100_001)));
        HttpResponse<byte[]> refused = server.get("/ocpu/gist/ada/4/");
        assertEquals(403, refused.statusCode());
        assertEquals("The gist ada/4 is refused: it is larger than 100000 bytes (gist.size).", text(refused));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ada/f/run.R | There is no gist ada/f.",
                "ada/0A1B/run.R | A gist is at USER/ID, where ID has only digits and a to f.",
                "ada/..%2f0a1b/run.R | ",
                "ada/%2e%2e%2f%2e%2e/run.R | ",
                "a_b/0a1b/run.R | A gist is at USER/ID, where ID has only digits and a to f.",
                "ada/0a1b/nosuch.R | There is nothing at /ocpu/gist/ada/0a1b/nosuch.R",
                "ada/0a1b/..%2fcommit | ",
                "ada/0a1b/.git/config | ",
            })
    void whatIsNotThereIs404(String path, String message) {
        for (HttpResponse<byte[]> answer :
                List.of(server.get("/ocpu/gist/" + path), server.call("/ocpu/gist/" + path))) {
            assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, path + ": " + answer.statusCode());
            server.assertTellsNothing(text(answer));
            if (message != null) {
                assertEquals(message, text(answer));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ocpu/gist", "/ocpu/gist/", "/ocpu/gist/ada", "/ocpu/gist/ada/"})
    void gistsAreNotListed(String path) {
        HttpResponse<byte[]> refused = server.get(path);
        assertEquals(403, refused.statusCode());
        assertEquals("Gists are not listed. The files of one are at /ocpu/gist/USER/ID/.", text(refused));
    }

    @Test
    void otherMethodsAreNotAllowed() {
        for (String method : new String[] {"PUT", "DELETE", "PATCH"}) {
            HttpResponse<byte[]> refused =
                    server.send(server.request("/ocpu/gist/ada/0a1b/run.R").method(method, BodyPublishers.noBody()));
            assertEquals(405, refused.statusCode(), method);
            assertEquals("GET, HEAD, POST", sorted(header(refused, "Allow")));
        }
        assertEquals(405, server.call("/ocpu/gist/ada/0a1b/").statusCode());
        assertEquals(405, server.call("/ocpu/gist/").statusCode());
    }

    private static String sorted(String allowed) {
        return Stream.of(allowed.split(", *"))
                .sorted()
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }

    @Test
    void whatIsNoScriptIs400() {
        HttpResponse<byte[]> refused = server.call("/ocpu/gist/ada/0a1b/data.csv");
        assertEquals(400, refused.statusCode());
        assertTrue(text(refused).startsWith("Unsupported script type: csv"), text(refused));
    }
}
