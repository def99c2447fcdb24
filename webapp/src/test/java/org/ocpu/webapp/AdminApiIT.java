package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;
import static org.ocpu.webapp.TestServer.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a server tells its admin of itself. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AdminApiIT {
    private static final String API = "/api/v1";
    private static final String KEY = "x0123456789abcdef0123456789";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static TestServer server;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("ocpu.conf"), "# ours\ntimelimit.get: 50\nsmtp.password: hunter2\n");
        server = new TestServer(data, Map.of());
        token = new AdminToken(server.data).renew();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> asked(String path) {
        return server.get(API + path, "Authorization", "Bearer " + token);
    }

    private static JsonNode get(String path) {
        HttpResponse<byte[]> answer = asked(path);
        assertEquals(200, answer.statusCode(), text(answer));
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(text(answer), e);
        }
    }

    private static HttpResponse<byte[]> end(String engine) {
        return server.send(server.request(API + "/engines/" + engine + "/end")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
    }

    private static HttpResponse<Stream<String>> events(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        server.request(API + path)
                                .header("Authorization", "Bearer " + token)
                                .header("Accept", "text/event-stream")
                                .build(),
                        BodyHandlers.ofLines());
    }

    /** The data of the next event of that name; waits for it. */
    private static JsonNode next(Iterator<String> lines, String name) throws IOException {
        while (lines.hasNext()) {
            if (lines.next().equals("event: " + name)) {
                return JSON.readTree(lines.next().substring("data:".length()));
            }
        }
        throw new AssertionError("the stream has ended without an event " + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/status",
                "/status/events",
                "/metrics",
                "/engines",
                "/sessions",
                "/storage",
                "/settings",
                "/errors",
                "/errors/1a2b3c4d",
                "/log",
                "/log/events",
                "/outbox/waiting"
            })
    void everyAddressNeedsTheToken(String path) {
        HttpResponse<byte[]> refused = server.get(API + path, "Accept", "text/event-stream, application/json");
        assertEquals(401, refused.statusCode(), text(refused));
        assertTrue(text(refused).contains("./ocpu token"), text(refused));
    }

    @Test
    void aWrongTokenIsRefusedAlsoBeforeAStream() throws Exception {
        for (String path : List.of("/status", "/log/events")) {
            HttpResponse<byte[]> refused = server.send(server.request(API + path)
                    .header("Authorization", "Bearer wrong")
                    .header("Accept", "text/event-stream"));
            assertEquals(403, refused.statusCode(), text(refused));
        }
        assertEquals(401, server.form(API + "/engines/e1/end", "").statusCode());
    }

    private static long counted(String kind) {
        return StreamSupport.stream(get("/metrics").path("points").spliterator(), false)
                .mapToLong(point -> point.path("requests").path(kind).asLong())
                .sum();
    }

    @Test
    void requestsAreCountedWithHowLongTheyTook() {
        long refused = counted("4xx");
        for (int i = 0; i < 20; i++) {
            assertEquals(404, server.get("/ocpu/library/nowhere" + i + "/").statusCode());
        }
        server.get("/health/nowhere"); // which is not counted
        assertTrue(within(() -> counted("4xx") >= refused + 20), "the requests are not counted");
        JsonNode metrics = get("/metrics");
        assertEquals(10, metrics.path("interval").asInt());
        JsonNode last = metrics.path("points").get(metrics.path("points").size() - 1);
        assertTrue(last.path("memory").path("server").asLong() > 10_000_000, last::toString);
        assertTrue(last.path("memory").path("engines").asLong() > 10_000_000, last::toString);
        JsonNode timed = metrics.path("points").findParent("latency");
        assertTrue(timed.path("latency").path("p99").asDouble()
                >= timed.path("latency").path("p50").asDouble());
    }

    @Test
    void theStatusTellsOfACallWhileItRunsAndTheStreamOfItsEnd() throws Exception {
        assertEquals(0, get("/status").path("workers").path("running").asInt());
        CompletableFuture<HttpResponse<byte[]>> call = server.calling("/ocpu/library/base/R/Sys.sleep", "time", "4");
        try (Stream<String> lines = events("/status/events").body()) {
            Iterator<String> stream = lines.iterator();
            JsonNode status = next(stream, "status");
            while (status.path("workers").path("running").asInt() == 0) {
                assertFalse(call.isDone(), "the call ran, and nobody was told");
                status = next(stream, "status");
            }
            assertEquals(1, status.path("workers").path("clients").asInt(), status::toString);
            assertTrue(status.path("requests").asInt() >= 1, status::toString);
            while (status.path("workers").path("running").asInt() > 0) {
                status = next(stream, "status");
            }
        }
        assertEquals(201, call.join().statusCode());
        JsonNode status = get("/status");
        assertEquals("[]", status.path("problems").toString());
        assertTrue(status.path("disk").path("free").asLong() > 0, status::toString);
        assertTrue(status.path("versions").path("r").asText().startsWith("R version"), status::toString);
    }

    private static JsonNode engineOf(String name) {
        for (JsonNode engine : get("/engines")) {
            if (engine.path("package").asText().equals(name)) {
                return engine;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void anEngineIsListedWithWhatItHasLoadedUntilItIsEnded() {
        assertEquals(200, server.get("/ocpu/library/splines/R/bs/print").statusCode());
        assertTrue(within(() -> engineOf("splines").path("loaded").toString().contains("\"splines ")), "not loaded");
        assertTrue(within(() -> engineOf("splines").path("idle").asInt() > 0), "no worker waits");
        JsonNode engine = engineOf("splines");
        assertEquals("library/splines", engine.path("place").asText());
        assertTrue(engine.path("memory").asLong() > 1_000_000, engine::toString);
        assertTrue(engine.has("lastUsedAt"), engine::toString);
        assertFalse(engineOf("base").path("loaded").toString().contains("splines"));

        String id = engine.path("id").asText();
        HttpResponse<byte[]> ended = end(id);
        assertEquals(202, ended.statusCode(), text(ended));
        assertTrue(engineOf("splines").isMissingNode());
        assertEquals(404, end(id).statusCode());
        assertEquals(404, end(engineOf("base").path("id").asText()).statusCode());
        assertEquals(201, server.call("/ocpu/library/splines/R/bs", "x", "1:9").statusCode());
        assertNotEquals(id, engineOf("splines").path("id").asText());
    }

    @Test
    void settingsSayWhereTheyComeFromAndNoSecret() {
        String all = get("/settings").toString();
        assertTrue(
                all.contains("{\"key\":\"timelimit.get\",\"value\":\"50\",\"default\":\"60\",\"origin\":\"ocpu.conf\","
                        + "\"line\":2,\"secret\":false}"),
                all);
        assertTrue(
                all.contains("{\"key\":\"smtp.password\",\"value\":\"***\",\"origin\":\"ocpu.conf\",\"line\":3"), all);
        assertFalse(all.contains("hunter2") || all.contains(server.data.secret()), all);
        String port = Integer.toString(server.address().getPort());
        assertTrue(all.contains("{\"key\":\"port\",\"value\":\"" + port + "\",\"default\":\"8004\""), all);
    }

    @Test
    void anUnexpectedErrorIsFoundByTheIdThatItsAnswerShows() throws IOException {
        Path failed = server.data.path().resolve("outbox/failed/20260102T120000000Z-0123abcd");
        Path record = Files.writeString(Path.of(failed + ".properties"), "attempts=many");
        Path mail = Files.writeString(Path.of(failed + ".eml"), "To: ada@example.org\n\n");
        HttpResponse<byte[]> answer = asked("/outbox?key=" + KEY);
        Files.delete(record);
        Files.delete(mail);
        assertEquals(500, answer.statusCode(), text(answer));
        Matcher id = Pattern.compile("error ([0-9a-f]{8})").matcher(text(answer));
        assertTrue(id.find(), text(answer));

        JsonNode newest = get("/errors").get(0);
        assertEquals(id.group(1), newest.path("id").asText());
        assertEquals("/api/v1/outbox", newest.path("path").asText());
        assertFalse(newest.has("trace"), newest::toString);
        JsonNode error = get("/errors/" + id.group(1));
        assertTrue(error.path("trace").asText().contains("NumberFormatException"), error::toString);
        assertFalse(error.toString().contains(KEY), error::toString);
        assertTrue(
                text(asked("/log")).contains("Error " + id.group(1) + " on GET /api/v1/outbox"), text(asked("/log")));
        HttpResponse<byte[]> unknown = asked("/errors/00000000");
        assertEquals(404, unknown.statusCode());
        assertTrue(text(unknown).contains("No error 00000000 is among the last 100"), text(unknown));
    }

    @Test
    void theLogIsFollowedWithoutSessionsKeys() throws Exception {
        try (Stream<String> lines = events("/log/events?lines=2").body()) {
            Iterator<String> stream = lines.iterator();
            assertTrue(next(stream, "tail").path("lines").size() <= 2);
            LoggerFactory.getLogger("AdminApiIT").warn("of session {}", KEY, new IllegalStateException(KEY));
            JsonNode line = next(stream, "line");
            while (!line.path("text").asText().contains("AdminApiIT")) {
                line = next(stream, "line");
            }
            assertEquals("WARN", line.path("level").asText());
            String told = line.path("text").asText();
            assertTrue(told.contains("of session x0...\njava.lang.IllegalStateException: x0...\n\tat "), told);
            assertFalse(told.contains(KEY), told);
        }
        assertTrue(text(asked("/log?lines=100")).contains("of session x0..."));
        assertEquals(1, text(asked("/log?lines=1")).lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/log?lines=0", "/log?lines=2001", "/log?lines=x", "/log?line=1", "/log/events?lines=-1"})
    void whatIsNoNumberOfLinesIsRefused(String path) {
        HttpResponse<byte[]> refused = server.send(server.request(API + path)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream"));
        assertEquals(400, refused.statusCode(), text(refused));
        assertTrue(text(refused).contains("arameter line"), text(refused));
    }

    @Test
    void aStreamIsAskedForAsOne() {
        for (String path : List.of("/status/events", "/log/events")) {
            HttpResponse<byte[]> refused = asked(path);
            assertEquals(406, refused.statusCode(), text(refused));
        }
    }

    @Test
    void aStreamEndsWhenTheTokenIsReplaced() throws Exception {
        try (Stream<String> lines = events("/status/events").body()) {
            Iterator<String> stream = lines.iterator();
            next(stream, "status");
            token = new AdminToken(server.data).renew();
            while (stream.hasNext()) {
                stream.next();
            }
        }
        assertEquals(200, asked("/status").statusCode());
    }

    @Test
    void sessionsAreCountedByWhatMadeThemAndTakeDisk() {
        server.session("1 + 1");
        JsonNode sessions = get("/sessions");
        assertTrue(sessions.path("kept").asLong() >= 1, sessions::toString);
        assertEquals(86_400, sessions.path("limits").path("maxAge").asLong());
        JsonNode base = StreamSupport.stream(sessions.path("places").spliterator(), false)
                .filter(place -> place.path("place").asText().equals("library/base"))
                .findFirst()
                .orElseThrow();
        assertTrue(base.path("made").asLong() >= 1 && base.path("bytes").asLong() > 0, base::toString);
        JsonNode part = StreamSupport.stream(get("/storage").path("parts").spliterator(), false)
                .filter(one -> one.path("name").asText().equals("sessions"))
                .findFirst()
                .orElseThrow();
        assertTrue(part.path("bytes").asLong() > 0 && part.path("whole").asBoolean(), part::toString);
    }
}
