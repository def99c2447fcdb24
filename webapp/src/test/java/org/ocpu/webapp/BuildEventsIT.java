package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of a build that talks more than is kept, as server-sent events. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BuildEventsIT {
    private static final Pattern LINE = Pattern.compile("(?m)^id: ?(\\d+)$");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z \\[\\w+] ");
    private static final Map<String, String> SETTINGS = Map.of("builds.log", "20000");

    @TempDir
    Path directory;

    @Test
    void theLogIsToldOnceWithNumbersAndResumesAlsoAfterARestart() throws Exception {
        List<String> log;
        try (TestServer server = new TestServer(directory.resolve("data"), SETTINGS)) {
            server.publish("ada", "talks", talkative());
            log = text(server.get("/api/v1/builds/1/log")).lines().toList();
            assertTrue(log.stream().anyMatch(line -> line.contains("lines are left out here")), log::toString);
            assertTrue(log.stream().allMatch(line -> TIME.matcher(line).lookingAt()), log::toString);
            assertTrue(log.stream().anyMatch(line -> line.contains("builds run ")), log::toString);
            assertEquals(numbers(1, log.size()), told(server, "0"));
            assertEquals(numbers(6, log.size()), told(server, "5"));
            assertTrue(text(server.get("/ocpu/info")).contains("\nbuilds: "), text(server.get("/ocpu/info")));
        }
        try (TestServer server = new TestServer(directory.resolve("data"), SETTINGS)) {
            assertEquals(numbers(log.size() - 2, log.size()), told(server, Integer.toString(log.size() - 3)));
            assertEquals(List.of(), told(server, Integer.toString(log.size())), "nothing is told twice");
        }
    }

    @Test
    void oneClientHasOnlySoManyStreamsAndOthersHaveTheirs() throws Exception {
        try (TestServer server = new TestServer(directory.resolve("data"), Map.of())) {
            server.push("ada", "talks", talking("repeat { message('goes on'); Sys.sleep(0.1) }"));
            List<Socket> streams = new ArrayList<>();
            for (int i = 0; i < StreamLimit.MOST; i++) {
                streams.add(follow(server, "127.0.0.2"));
                assertEquals("HTTP/1.1 200 OK", status(streams.get(i)));
            }
            try (Socket beyond = follow(server, "127.0.0.2");
                    Socket other = follow(server, "127.0.0.3")) {
                assertEquals("HTTP/1.1 503 Service Unavailable", status(beyond));
                assertEquals("HTTP/1.1 200 OK", status(other));
            }
            streams.remove(0).close();
            assertTrue(TestServer.within(() -> serves(server, "127.0.0.2")), "a stream that was left still counts");
            for (Socket stream : streams) {
                stream.close();
            }
        }
    }

    private static Socket follow(TestServer server, String from) throws IOException {
        URI address = server.server.address();
        Socket socket = new Socket(address.getHost(), address.getPort(), InetAddress.getByName(from), 0);
        socket.setSoTimeout(60_000);
        String request = "GET /api/v1/builds/1/events/ HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = socket.getInputStream().read(); read >= 0 && read != '\r'; ) {
            line.append((char) read);
            read = socket.getInputStream().read();
        }
        return line.toString();
    }

    private static boolean serves(TestServer server, String from) {
        try (Socket socket = follow(server, from)) {
            return status(socket).startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of the lines that come after the one that was heard last. */
    private static List<Integer> told(TestServer server, String last) {
        String events = text(server.send(server.request("/api/v1/builds/1/events?after=1")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", last)
                .GET()));
        assertTrue(events.contains("event: end"), events);
        return LINE.matcher(events)
                .results()
                .map(MatchResult::group)
                .map(id -> Integer.valueOf(id.replaceAll("\\D", "")))
                .toList();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private Path talkative() throws Exception {
        return talking("for (i in 1:2000) message('line ', i, ' of a package that talks')");
    }

    private Path talking(String code) throws Exception {
        Path talks = Files.createDirectories(directory.resolve("talks/R")).getParent();
        Files.writeString(talks.resolve("DESCRIPTION"), "Package: talks\nTitle: Talks\nVersion: 1.0\nLicense: MIT\n");
        Files.writeString(talks.resolve("NAMESPACE"), "export(answer)\n");
        Files.writeString(talks.resolve("R/answer.R"), "answer <- function() 42\n" + code + "\n");
        return talks;
    }
}
