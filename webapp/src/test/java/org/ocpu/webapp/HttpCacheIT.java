package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server keeps of its answers, and what clients may keep. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpCacheIT {
    private static final String RNORM = "/ocpu/library/stats/R/rnorm";

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String cache(HttpResponse<byte[]> answer) {
        return header(answer, "X-ocpu-cache");
    }

    private static String key(HttpResponse<byte[]> made) {
        assertEquals(201, made.statusCode(), text(made));
        return header(made, "X-ocpu-session");
    }

    private static HttpResponse<byte[]> fresh(String path) {
        return server.get(path, "Cache-Control", "no-cache");
    }

    @ParameterizedTest
    @CsvSource({
        "/ocpu/library/datasets/R/cars/json",
        "/ocpu/library/datasets/data/cars/csv",
        "/ocpu/library/datasets/R/cars/pb",
        "/ocpu/library/MASS/man/area/html",
        "/ocpu/library/MASS/html/area.html",
        "/ocpu/library/MASS/R/",
        "/ocpu/library/MASS/info",
    })
    void whatIsReadAgainIsNotMadeAgain(String path) {
        HttpResponse<byte[]> first = server.get(path);
        assertEquals("MISS", cache(first), text(first));
        HttpResponse<byte[]> again = server.get(path);
        assertEquals("HIT", cache(again));
        assertArrayEquals(first.body(), again.body());
        assertEquals(header(first, "Content-Type"), header(again, "Content-Type"));
        assertEquals(header(first, "Content-Disposition"), header(again, "Content-Disposition"));
        assertEquals(header(first, "ETag"), header(again, "ETag"));
        assertEquals("BYPASS", cache(fresh(path)));
        assertEquals("HIT", cache(server.get(path)));
    }

    @Test
    void otherFormatsAndQueriesAreOtherAnswers() {
        String object = "/ocpu/library/datasets/R/trees/";
        server.get(object + "json?digits=1");
        for (String other : new String[] {"json", "json?digits=2", "json?digits=1&pretty=false", "ndjson", "csv"}) {
            HttpResponse<byte[]> answer = server.get(object + other);
            assertEquals("MISS", cache(answer), other);
            assertNotEquals(header(server.get(object + "json?digits=1"), "ETag"), header(answer, "ETag"), other);
        }
        assertEquals(
                "HIT",
                cache(server.get(object + "json?pretty=false&digits=1")),
                "the order of a query is no difference");
    }

    @Test
    void aRenderedPlotIsKept() {
        String plot = server.session("plot(1:3)") + "graphics/1/png?width=200";
        HttpResponse<byte[]> first = server.get(plot);
        assertEquals("200 MISS", first.statusCode() + " " + cache(first), text(first));
        assertEquals("HIT", cache(server.get(plot)));
        assertEquals("MISS", cache(server.get(plot + "&height=300")));
    }

    @Test
    void aLargeAnswerIsKeptToo() {
        String large = server.session("seq_len(4e5)") + "R/.val/json";
        HttpResponse<byte[]> first = server.get(large);
        HttpResponse<byte[]> again = server.get(large);
        assertEquals("MISS HIT", cache(first) + " " + cache(again));
        assertArrayEquals(first.body(), again.body());
    }

    @Test
    void theSameCallHasTheSameSession() {
        HttpResponse<byte[]> first = server.call(RNORM, "n", "2", "mean", "5");
        assertEquals("MISS", cache(first));
        HttpResponse<byte[]> again = server.call(RNORM, "n", "2", "mean", "5");
        assertEquals("HIT", cache(again));
        assertEquals(key(first), key(again));
        assertEquals(text(first), text(again));
        HttpResponse<byte[]> json = server.call(RNORM + "/json", "n", "2", "mean", "5");
        assertEquals("MISS", cache(json));
        HttpResponse<byte[]> sameJson = server.call(RNORM + "/json", "n", "2", "mean", "5");
        assertEquals("HIT", cache(sameJson));
        assertEquals(text(json), text(sameJson));
        assertEquals("max-age=300, public", header(sameJson, "Cache-Control"));
    }

    @Test
    void aCallThatWantsNoKeptAnswerIsMadeAgain() {
        String first = key(server.call(RNORM, "n", "3"));
        HttpResponse<byte[]> bypass = server.send(server.request(RNORM)
                .header("Cache-Control", "no-cache")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("n=3")));
        assertEquals("BYPASS", cache(bypass));
        assertNotEquals(first, key(bypass));
    }

    @Test
    void otherBodiesAreOtherCalls() {
        String first = key(server.call(RNORM, "n", "4"));
        for (HttpResponse<byte[]> other : List.of(
                server.call(RNORM, "n", "5"),
                server.call(RNORM, "n", "4", "sd", "1"),
                server.call(RNORM + "?a=1", "n", "4"),
                server.call("/ocpu/library/stats/R/runif", "n", "4"),
                server.json(RNORM, "{\"n\":4}"))) {
            assertEquals("MISS", cache(other));
            assertNotEquals(first, key(other));
        }
    }

    @Test
    void uploadsAreNotCompared() {
        String path = "/ocpu/library/base/R/readLines";
        String first = key(new MultipartBody()
                .file("con", "a.txt", "one".getBytes(StandardCharsets.UTF_8))
                .post(server, path));
        HttpResponse<byte[]> second = new MultipartBody()
                .file("con", "a.txt", "one".getBytes(StandardCharsets.UTF_8))
                .post(server, path);
        assertEquals("MISS", cache(second));
        assertNotEquals(first, key(second));
    }

    @Test
    void whatIsMissingHasNoTagAndIsNeverUnchanged() {
        String missing = "/ocpu/library/datasets/R/nosuchobject/json";
        assertEquals("", header(server.get(missing), "ETag"));
        assertEquals(404, server.get(missing, "If-None-Match", "*").statusCode());
    }

    @Test
    void errorsAreNotKept() {
        String path = "/ocpu/library/base/R/stop";
        HttpResponse<byte[]> first = server.call(path, "...", "'no'");
        HttpResponse<byte[]> again = server.call(path, "...", "'no'");
        assertEquals(400, again.statusCode());
        assertNotEquals(header(first, "X-ocpu-session"), header(again, "X-ocpu-session"));
        assertEquals("no-store", header(again, "Cache-Control"));
        assertEquals("no-store", header(server.get("/ocpu/library/nosuch/info"), "Cache-Control"));
    }

    private static void publish(Path sources, int answer) throws Exception {
        Files.createDirectories(sources.resolve("R"));
        Files.writeString(
                sources.resolve("DESCRIPTION"),
                "Package: tiny\nTitle: Tiny\nVersion: 1." + answer + "\nLicense: MIT\n");
        Files.writeString(sources.resolve("NAMESPACE"), "export(answer, fixed)\n");
        Files.writeString(
                sources.resolve("R/code.R"), "answer <- function() " + answer + "\nfixed <- " + answer + "\n");
        server.publish("Ada", "Tiny", sources);
    }

    @Test
    void aNewVersionOfAnAppIsSeenAtOnce() throws Exception {
        Path sources = directory.resolve("tiny");
        String app = "/ocpu/apps/ada/tiny/";
        publish(sources, 1);
        String etag = header(server.get(app + "R/fixed/json"), "ETag");
        String first = key(server.call(app + "R/answer/json"));
        assertEquals("HIT", cache(server.get(app + "R/fixed/json")));
        assertEquals("HIT", cache(server.call(app + "R/answer/json")));
        assertEquals(
                304, server.get(app + "R/fixed/json", "If-None-Match", etag).statusCode());

        publish(sources, 2);
        HttpResponse<byte[]> fixed = server.get(app + "R/fixed/json", "If-None-Match", etag);
        assertEquals("200 [2] MISS", fixed.statusCode() + " " + text(fixed) + " " + cache(fixed));
        HttpResponse<byte[]> call = server.call(app + "R/answer/json");
        assertEquals("[2] MISS", text(call) + " " + cache(call));
        assertNotEquals(first, key(call));
        assertEquals("[1]", text(server.get("/ocpu/tmp/" + first + "/R/.val/json")), "an old session stays as it was");
        assertEquals("no-cache", header(fixed, "Cache-Control"));
    }

    @Test
    void aRestartedServerStillKnowsTheTagOfASessionsObject() {
        Path data = directory.resolve("restarted");
        String object;
        String etag;
        try (TestServer before = new TestServer(data, Map.of())) {
            object = before.session("42") + "R/.val/json";
            etag = header(before.get(object), "ETag");
        }
        try (TestServer after = new TestServer(data, Map.of())) {
            assertEquals(304, after.get(object, "If-None-Match", etag).statusCode());
            assertEquals("[42]", text(after.get(object)));
        }
    }
}
