package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests of every kind, many of them damaged: each is answered soon and never with an error of the server, and none leaves anything. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FuzzIT {
    private static final long SEED = 20_260_101;
    private static final int REQUESTS = 20_000;
    private static final int CONNECTIONS = 6;
    private static final int ANSWER_MILLIS = 30_000;

    @TempDir
    static Path directory;

    private static TestServer server;
    private static FuzzedRequests requests;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(
                directory,
                Map.of(
                        "timelimit.post",
                        "5",
                        "timelimit.get",
                        "5",
                        "body.max",
                        "100000",
                        "workers.idle",
                        "2",
                        "trusted.proxies",
                        "127.0.0.1"));
        server.publish("demo", "hello", Path.of("src/main/samples/hello"));
        requests = new FuzzedRequests(
                SEED,
                List.of(
                        server.session("1:10"),
                        server.session("{plot(1); cat('so'); message('m'); women}"),
                        server.session(
                                "{write.csv(women, 'out.csv'); writeLines('a <- 1', 'x.R'); function(x = 1) x}")));
        server.call("/ocpu/library/MASS/R/huber", "y", "1:9");
        server.call("/ocpu/apps/demo/hello/R/greet");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void noRequestIsAnsweredWithAnErrorOfTheServerOrNotAtAllOrLeavesAnything() throws Exception {
        ErrorLog errors = new ErrorLog();
        send(-500, 0); // now the server has what it keeps: threads, engines, open files
        Held before = Held.now();
        List<String> faults = send(0, REQUESTS);
        assertEquals(List.of(), faults, "seed " + SEED);
        assertEquals(List.of(), errors.stopAndGet());
        assertEquals(200, server.get("/ocpu/info").statusCode());
        assertTrue(TestServer.within(() -> Held.now().atMost(before)), "before " + before + ", after " + Held.now());
        try (Stream<Path> left = Files.walk(directory.resolve("work/requests"))) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
    }

    private static List<String> send(int from, int to) throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<?>> running = new ArrayList<>();
            IntStream.range(0, CONNECTIONS)
                    .forEach(i -> running.add(clients.submit(() -> {
                        for (int n = next.getAndIncrement(); n < to && faults.size() < 10; n = next.getAndIncrement()) {
                            check(requests.get(n), faults);
                        }
                    })));
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            clients.shutdown();
        }
        return List.copyOf(faults);
    }

    private static void check(FuzzedRequest request, Queue<String> faults) {
        byte[] answer = {};
        try {
            answer = exchange(request);
            List<Integer> statuses = HttpAnswers.statuses(answer, request.isHead());
            if (statuses.isEmpty() && request.sound()) {
                throw new IllegalArgumentException("no answer");
            }
            if (statuses.stream().anyMatch(status -> status >= 500 && status != 503)) {
                throw new IllegalArgumentException("an error of the server: " + statuses);
            }
        } catch (IOException | IllegalArgumentException e) {
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            faults.add("\nRequest " + request.number() + ": " + e + "\n" + request.text() + "\n--> "
                    + text.substring(0, Math.min(1_000, text.length())));
        }
    }

    /** What is no whole request is ended by its client: there the server may not know where it ends. */
    private static byte[] exchange(FuzzedRequest request) throws IOException {
        try (Socket socket = new Socket(
                server.server.address().getHost(), server.server.address().getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            try {
                socket.getOutputStream().write(request.bytes());
                if (!request.sound()) {
                    socket.shutdownOutput();
                }
                return socket.getInputStream().readAllBytes();
            } catch (java.net.SocketException closed) {
                if (request.sound()) {
                    throw closed;
                }
                return new byte[0]; // the server needs not read on after what is no request
            }
        }
    }

    /** What this process, in which the server is, has open. Jetty's threads come and go with its load. */
    private record Held(long files, long threads, long processes) {
        static Held now() {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                long threads = Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !thread.getName().contains("ThreadPool"))
                        .count();
                return new Held(
                        files.count(),
                        threads,
                        ProcessHandle.current().descendants().count());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** A few may be added by what the machine does meanwhile, not by thousands of requests. */
        boolean atMost(Held before) {
            return files <= before.files + 10 && threads <= before.threads + 5 && processes <= before.processes + 5;
        }
    }
}
