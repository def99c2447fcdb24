package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are stopped, killed, or run out of files while they have something to do. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StoppingIT {
    private static final String MARK = "41" + ProcessHandle.current().pid();

    @TempDir
    static Path data;

    private static int status(CompletableFuture<HttpResponse<byte[]>> answer) throws Exception {
        return answer.get(1, TimeUnit.MINUTES).statusCode();
    }

    /** Evaluates R code, without waiting for the answer. */
    private static CompletableFuture<HttpResponse<byte[]>> calling(TestClient up, String code) {
        return up.calling("/ocpu/library/base/R/identity/json", "x", code);
    }

    private static List<String> named(String part) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(part))
                .toList();
    }

    @Test
    void whatRunsIsFinishedAndWhatWaitsIsRefused() throws Exception {
        try (UpProcess up =
                new UpProcess(data, Map.of("workers.max", "1", "workers.queue", "1", "shutdown.grace", "60"))) {
            CompletableFuture<HttpResponse<byte[]>> running =
                    calling(up, "{system('sleep 600." + MARK + "'); 'finished'}");
            up.awaitProcess("sleep 600." + MARK);
            List<CompletableFuture<HttpResponse<byte[]>>> two = List.of(calling(up, "1"), calling(up, "2"));
            CompletableFuture.anyOf(two.get(0), two.get(1))
                    .get(1, TimeUnit.MINUTES); // beyond the queue: so the other is in it
            up.signal("TERM");
            assertTrue(up.awaitLine("Waiting up to").contains("60 s"));
            assertEquals(List.of(503, 503), List.of(status(two.get(0)), status(two.get(1))));
            HttpResponse<byte[]> refused = up.get("/ocpu/info");
            assertEquals(503, refused.statusCode());
            assertTrue(text(refused).contains("shutting down"), text(refused));
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertEquals(
                    "*",
                    refused.headers().firstValue("Access-Control-Allow-Origin").orElse("none"));
            assertEquals(
                    "nosniff",
                    refused.headers().firstValue("X-Content-Type-Options").orElse("none"));
            assertEquals(
                    503,
                    up.get("/ocpu/library/base/webhook").statusCode(),
                    "it only ends like the address of deliveries");
            assertEquals(200, up.get("/ocpu/webhook").statusCode());
            up.awaitProcess("sleep 600." + MARK).forEach(ProcessHandle::destroyForcibly);
            HttpResponse<byte[]> finished = running.get(1, TimeUnit.MINUTES);
            assertEquals(201, finished.statusCode(), text(finished));
            assertEquals(0, up.awaitEnd());
        }
        nothingIsLeft();
    }

    @Test
    void aServerThatIsKilledLeavesNothingRunningAndStartsAnewAndEndsAfterItsGrace() throws Exception {
        try (UpProcess up = new UpProcess(data, Map.of())) {
            CompletableFuture<HttpResponse<byte[]>> lost = calling(up, "system('sleep 600." + MARK + "')");
            up.awaitProcess("sleep 600." + MARK);
            List<ProcessHandle> all = up.descendants();
            up.signal("KILL");
            assertTrue(TestServer.within(lost::isDone));
            for (ProcessHandle process : all) {
                process.onExit().get(20, TimeUnit.SECONDS);
            }
        }
        try (UpProcess up = new UpProcess(data, Map.of("shutdown.grace", "1"))) {
            assertEquals(201, status(calling(up, "1")));
            try (Stream<Path> work = Files.walk(data.resolve("work/requests"))) {
                assertEquals(List.of(), work.filter(Files::isRegularFile).toList());
            }
            everythingEndsAtCtrlC(up, 1);
        }
    }

    @Test
    void anEngineOrAWorkerThatIsKilledCostsItsRequestsOnlyAndASecondCtrlCEndsAll() throws Exception {
        try (UpProcess up = new UpProcess(data, Map.of("workers.idle", "1", "shutdown.grace", "600"))) {
            // Of the processes that are R's, from the one that runs the call upwards.
            costsItsRequestsOnly(up, "/ocpu/library/base/R/identity/json", 0, "worker");
            costsItsRequestsOnly(up, "/ocpu/library/base/R/identity/json", 1, "base engine");
            costsItsRequestsOnly(up, "/ocpu/library/base/R/identity/json", 2, "guardian of the base engine");
            costsItsRequestsOnly(up, "/ocpu/library/MASS/R/fractions/json", 0, "worker of a package's engine");
            costsItsRequestsOnly(up, "/ocpu/library/MASS/R/fractions/json", 1, "package's engine");
            costsItsRequestsOnly(up, "/ocpu/library/MASS/R/fractions/json", 2, "base engine below a package's engine");
            everythingEndsAtCtrlC(up, 2);
        }
    }

    private static void nothingIsLeft() {
        assertTrue(TestServer.within(() -> named(data.toString()).isEmpty()), () -> named(data.toString())
                .toString());
    }

    @Test
    void ctrlCIsHeardWhileTheSampleAppIsBuilt(@TempDir Path empty) throws Exception {
        try (UpProcess up = UpProcess.withSampleApp(empty, Map.of("shutdown.grace", "1"), "server started")) {
            for (ProcessHandle r : up.awaitProcess("INSTALL")) {
                UpProcess.signal("STOP", r.pid()); // so that the build does not end by itself
            }
            up.signal("INT");
            up.awaitLine("Waiting up to shutdown.grace = 1 s");
            assertEquals(0, up.awaitEnd());
        }
        assertTrue(TestServer.within(() -> named(empty.toString()).isEmpty()), named(empty.toString())::toString);
    }

    private static void everythingEndsAtCtrlC(UpProcess up, int times) throws Exception {
        CompletableFuture<HttpResponse<byte[]>> endless = calling(up, "system('sleep 600." + MARK + "')");
        List<ProcessHandle> sleep = up.awaitProcess("sleep 600." + MARK);
        up.signal("INT");
        up.awaitLine("Waiting up to");
        if (times == 2) {
            up.signal("INT");
        }
        up.awaitEnd();
        for (ProcessHandle process : sleep) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
        assertTrue(TestServer.within(endless::isDone), "the client is left waiting");
        nothingIsLeft();
    }

    private static void costsItsRequestsOnly(UpProcess up, String function, int above, String victim) throws Exception {
        CompletableFuture<HttpResponse<byte[]>> call = up.calling(function, "x", "system('sleep 600." + MARK + "')");
        ProcessHandle sleep = up.awaitProcess("sleep 600." + MARK).get(0);
        ProcessHandle r = sleep.parent().orElseThrow();
        while (!r.info().commandLine().orElse("").contains("--vanilla")) {
            r = r.parent().orElseThrow(); // shells that system() has started
        }
        for (int i = 0; i < above; i++) {
            r = r.parent().orElseThrow();
        }
        assertTrue(r.destroyForcibly());
        HttpResponse<byte[]> answer = call.get(1, TimeUnit.MINUTES);
        assertTrue(List.of(400, 503).contains(answer.statusCode()), victim + ": " + text(answer));
        assertTrue(TestServer.within(() -> !sleep.isAlive()), victim + " leaves what it started");
        String other = "6 * " + victim.length(); // which no call before has left in the cache
        int next = 503; // while the engine is being started again
        for (int tries = 0; tries < 20 && next == 503; tries++) {
            next = status(up.calling(function, "x", other));
        }
        assertEquals(201, next, "after the end of the " + victim);
    }

    @Test
    void moreConnectionsThanFilesMayBeOpenDoNotStopIt() throws Exception {
        try (UpProcess up =
                new UpProcess(data, Map.of("http.idle", "1"), new ProcessBuilder("prlimit", "--nofile=256:256"))) {
            List<Socket> many = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                many.add(connect(up, "127.0.1." + i / 10));
            }
            for (Socket socket : many.subList(0, 200)) {
                socket.close();
            }
            HttpResponse<byte[]> answer = calling(up, "1").get(1, TimeUnit.MINUTES);
            assertEquals(201, answer.statusCode(), () -> "those before send nothing, or are gone: " + text(answer));
            for (Socket socket : many) {
                socket.close();
            }
            assertEquals(200, up.get("/ocpu/info").statusCode());
            assertEquals(201, status(calling(up.anew(), "2")));
        }
    }

    @Test
    void aLimitOfItsOwnHoldsForWorkersToo() throws Exception {
        try (UpProcess up = new UpProcess(data, Map.of(), new ProcessBuilder("prlimit", "--cpu=3000:3000"))) {
            assertEquals(201, status(calling(up, "1")), "rlimit.cpu is more than the server itself may use");
        }
    }

    private static Socket connect(UpProcess up, String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(
                new InetSocketAddress(up.address().getHost(), up.address().getPort()), 30_000);
        return socket;
    }
}
