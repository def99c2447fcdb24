package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small server while one client asks for far more than it has workers for. */
@Timeout(120)
class OverloadIT {
    private static final String FLOOD = "127.0.0.2";
    private static final String OTHER = "127.0.0.3";
    private static final int AT_ONCE = 20;
    private static final int CONNECTIONS = 60;
    private static final Pattern RETRY = Pattern.compile("\r\nRetry-After: (\\d+)\r\n");

    @TempDir
    static Path directory;

    private static TestServer server;

    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final CountDownLatch refused = new CountDownLatch(1);
    private volatile boolean over;

    @BeforeAll
    static void start() {
        server = new TestServer(
                directory,
                Map.of(
                        "workers.max", "2",
                        "workers.client", "2",
                        "workers.queue", "4",
                        "workers.idle", "2",
                        "http.connections", Integer.toString(4 * CONNECTIONS)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String sleep(String client) {
        String body = "{\"time\":0.1}";
        return RawHttp.exchange(
                server,
                client,
                "POST /ocpu/library/base/R/Sys.sleep/json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Cache-Control: no-cache\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n" + body);
    }

    private static String health(String client, String path) {
        return RawHttp.exchange(
                server, client, "GET /health/" + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private void flood() {
        while (!over) {
            String answer = sleep(FLOOD);
            answers.add(answer);
            if (status(answer) == 503) {
                refused.countDown();
            }
        }
    }

    @Test
    void aFloodIsRefusedBeyondItsShareAndOthersAreServedMeanwhile() throws InterruptedException {
        List<Thread> flood =
                Stream.generate(() -> new Thread(this::flood)).limit(AT_ONCE).toList();
        flood.forEach(Thread::start);
        try {
            assertTrue(refused.await(60, TimeUnit.SECONDS), "the flood is not refused");
            for (int call = 0; call < 10; call++) {
                String answer = sleep(OTHER);
                assertEquals(201, status(answer), answer);
            }
            for (String client : List.of(FLOOD, OTHER)) {
                assertTrue(health(client, "live").endsWith("\r\n\r\nok\n"), health(client, "live"));
                assertTrue(health(client, "ready").endsWith("\r\n\r\nready\n"), health(client, "ready"));
            }
        } finally {
            over = true;
            for (Thread one : flood) {
                one.join();
            }
        }
        assertTrue(answers.stream().anyMatch(answer -> status(answer) == 201), "the flood has no share at all");
        answers.stream().filter(answer -> status(answer) != 201).forEach(OverloadIT::assertSaysWhenToTryAgain);
    }

    /** A child answers for it; until it is ended, it has its place. */
    @Test
    void aWorkerThatStaysAfterItsAnswerIsEnded() {
        String stay = "{ p <- parallel:::mcfork(); if (inherits(p, 'masterProcess')) 42 else repeat Sys.sleep(1) }";
        String identity = "/ocpu/library/base/R/identity/json";
        assertEquals("[42]", text(server.call(identity, "x", "42")));
        long before = processes();
        for (int call = 0; call < 8; call++) {
            assertEquals("[42]", text(server.call(identity, "x", stay)));
        }
        // One may be coming or going at either moment.
        assertTrue(TestServer.within(() -> processes() < before + 4), "processes stay");
    }

    private static long processes() {
        return ProcessHandle.current().descendants().count();
    }

    @Test
    void largeBodiesThatComeSlowlyRefuseNobodyElses() throws IOException {
        int size = 25 << 20;
        long each = 4L * size; // what such a body takes once it is there
        int many = (int) Math.min(50, 1 + Runtime.getRuntime().maxMemory() / 2 / each);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                slow.add(begin(FLOOD, size, 70_000));
            }
            assertTrue(TestServer.within(() -> reading() == many), () -> "of " + many + " are read " + reading());
            String answer = RawHttp.exchange(server, OTHER, post(size) + "x".repeat(size));
            assertEquals(415, status(answer), answer);
        } finally {
            for (Socket one : slow) {
                one.close();
            }
        }
    }

    @Test
    void oneClientHasOnlyAQuarterOfTheConnectionsAndOthersHaveTheirs() throws IOException {
        String greedy = "127.0.0.4";
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            held.add(connect(greedy));
        }
        assertFalse(isAnswered(greedy));
        assertTrue(isAnswered(OTHER));
        for (Socket one : held) {
            one.close();
        }
        assertTrue(TestServer.within(() -> isAnswered(greedy)), "those that have ended still count");
    }

    private static boolean isAnswered(String client) {
        try {
            return health(client, "live").startsWith("HTTP/1.1 200 ");
        } catch (UncheckedIOException reset) {
            return false;
        }
    }

    private static Socket connect(String client) throws IOException {
        URI address = server.server.address();
        return new Socket(address.getHost(), address.getPort(), InetAddress.getByName(client), 0);
    }

    /** What is refused once its body is there. */
    private static String post(int length) {
        return "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: text/plain\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static Socket begin(String client, int length, int sent) throws IOException {
        Socket socket = connect(client);
        socket.getOutputStream().write((post(length) + "x".repeat(sent)).getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** Requests of which the body is being read. */
    private static long reading() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> List.of(stack).toString().contains(Body.class.getName() + "."))
                .count();
    }

    private static void assertSaysWhenToTryAgain(String answer) {
        assertEquals(503, status(answer), answer);
        Matcher retry = RETRY.matcher(answer);
        assertTrue(retry.find(), answer);
        int seconds = Integer.parseInt(retry.group(1));
        assertTrue(seconds >= 1 && seconds <= 60, answer);
        assertTrue(answer.contains("workers.max = 2"), answer);
    }
}
