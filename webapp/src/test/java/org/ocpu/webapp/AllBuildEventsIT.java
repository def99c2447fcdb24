package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.sse.SseClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** How all builds change, as server-sent events of a real server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AllBuildEventsIT {
    private static final String TOKEN = SecretHash.token();
    private static final String EVENTS = "/api/v1/builds/events";

    @TempDir
    static Path directory;

    private static final List<BuildStates> streams = new CopyOnWriteArrayList<>();

    private static TestServer server;
    private static Path source;

    @BeforeAll
    static void start() {
        server = new TestServer(
                directory.resolve("data"),
                Map.of("auth.apps.shy", "bearer " + SecretHash.ofToken(TOKEN).text()));
        source = SmallPackage.write(directory.resolve("source"), "1.0", "f <- function() 1\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A client that hears events, from when it is there. */
    private static final class Hearer implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Hearer(URI address, String path, String headers) throws IOException {
            socket = new Socket(address.getHost(), address.getPort());
            String request =
                    "GET %s HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n%s\r\n".formatted(path, headers);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertTrue(lines.readLine().contains("200"));
            await(":"); // the comment that says that all is heard from here on
        }

        private String await(String start) throws IOException {
            String line = lines.readLine();
            while (!line.startsWith(start)) {
                line = lines.readLine();
            }
            return line;
        }

        /** The next build that has changed. */
        JsonNode state() throws IOException {
            await("event: state");
            return new ObjectMapper().readTree(await("data:").substring("data:".length()));
        }

        /** All that is told of builds until this one has ended. */
        List<JsonNode> until(long build) throws IOException {
            List<JsonNode> all = new ArrayList<>();
            do {
                all.add(state());
            } while (!isEnd(all.get(all.size() - 1), build));
            return all;
        }

        private static boolean isEnd(JsonNode told, long build) {
            return told.path("build").asLong() == build && told.has("finishedAt");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Hearer hearer(String query, String headers) throws IOException {
        return new Hearer(server.address(), EVENTS + query, headers);
    }

    @Test
    void aBuildIsToldFromItsPushToItsEndAsItStands() throws Exception {
        try (Hearer hearer = hearer("", "");
                Hearer page = hearer("?html=true", "")) {
            long build = server.push("ada", "told", source);
            List<JsonNode> told = hearer.until(build);
            assertEquals(build, told.get(0).path("build").asLong());
            JsonNode last = told.get(told.size() - 1);
            assertEquals("succeeded", last.path("state").asText());
            assertEquals(6, last.path("stages").size());
            assertEquals(new ObjectMapper().readTree(text(server.get("/api/v1/builds/" + build))), last);
            assertFalse(last.has("html"), last::toString);
            assertTrue(told.stream().anyMatch(one -> one.path("state").asText().equals("running")), told::toString);
            List<JsonNode> shown = page.until(build);
            String row = shown.get(shown.size() - 1).path("html").asText();
            assertTrue(row.startsWith("<tr data-build=\"" + build + "\" data-state=\"succeeded\">"), row);
        }
    }

    @Test
    void ofAppsThatAreNotForEverybodyOnlyTheirReadersHear() throws Exception {
        try (Hearer anyone = hearer("", "");
                Hearer reader = hearer("", "Authorization: Bearer " + TOKEN + "\r\n")) {
            long hidden = server.push("shy", "hidden", source);
            assertEquals(hidden, reader.state().path("build").asLong());
            server.finished(hidden);
            long open = server.push("ada", "open", source);
            for (JsonNode told : anyone.until(open)) {
                assertEquals(open, told.path("build").asLong(), told::toString);
            }
            reader.until(open);
        }
        assertEquals(
                400,
                server.get("/api/v1/builds?before=x", "Authorization", "Bearer " + TOKEN)
                        .statusCode());
    }

    @Test
    void whoDoesNotAskForEventsIsToldSoAndAClientThatLeftLeavesNothing() throws Exception {
        assertEquals(406, server.get(EVENTS).statusCode());
        hearer("", "").close();
        hearer("", "").close();
        server.publish("ada", "left", source);
        assertTrue(TestServer.within(() -> tellers() == 0), "a client that has gone still has a thread");
    }

    private static long tellers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("build-events"))
                .count();
    }

    @Test
    void whoIsSlowHearsOnceOfWhatChangedMeanwhileOrThatItWasTooMuch() throws Exception {
        BuildView old = TestBuilds.build(7, TestBuilds.HELLO, State.QUEUED);
        BuildView now = TestBuilds.build(7, TestBuilds.HELLO, State.SUCCEEDED);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.routes.sse("/few", client -> late(client, List.of(old, now)));
            config.routes.sse("/many", client -> late(client, many()));
        });
        javalin.start();
        URI address = URI.create("http://127.0.0.1:" + javalin.port());
        try (Hearer few = new Hearer(address, "/few", "");
                Hearer many = new Hearer(address, "/many", "")) {
            assertEquals("succeeded", few.state().path("state").asText());
            assertEquals("event: missed", many.await("event:"));
            assertEquals(BuildStates.MOST + 2, many.state().path("build").asLong());
            streams.forEach(states -> states.end(Map.of()));
            assertEquals("event: end", few.await("event:"));
            assertEquals("event: end", many.await("event: end"));
        } finally {
            javalin.stop();
        }
    }

    private static List<BuildView> many() {
        List<BuildView> many = new ArrayList<>();
        for (int id = 1; id <= BuildStates.MOST + 2; id++) {
            many.add(TestBuilds.build(id, TestBuilds.HELLO, State.QUEUED));
        }
        return many;
    }

    /** Changes that come before the client can be told of them. */
    private static void late(SseClient client, List<BuildView> changes) {
        client.keepAlive();
        BuildStates states = new BuildStates(server.server.builds(), client, build -> true, BuildJson::of);
        changes.forEach(states::changed);
        streams.add(states);
        states.follow();
    }

    @Test
    void aServerThatClosesEndsItsStreams() throws Exception {
        TestServer closing = new TestServer(directory.resolve("closing"), Map.of());
        try (Hearer hearer = new Hearer(closing.address(), EVENTS, "")) {
            closing.close();
            assertTrue(TestServer.within(() -> isOver(hearer)), "the stream goes on");
        }
    }

    private static boolean isOver(Hearer hearer) {
        try {
            return hearer.lines.readLine() == null;
        } catch (java.net.SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
