package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static int status(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(1, TimeUnit.MINUTES).statusCode();
    }

    private static List<String> named(String part) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(part))
                .toList();
    }

    @Test
    void whatRunsIsFinishedAndWhatWaitsIsRefused() throws Exception {
        try (UpProcess up = UpProcess.start(data, "workers.max=1\nworkers.queue=1\nshutdown.grace=60\n")) {
            CompletableFuture<HttpResponse<String>> running = up.call("{system('sleep 4." + MARK + "'); 'finished'}");
            assertFalse(up.awaitProcess("sleep 4." + MARK).isEmpty(), "the call does not run");
            List<CompletableFuture<HttpResponse<String>>> two = List.of(up.call("1"), up.call("2"));
            CompletableFuture.anyOf(two.get(0), two.get(1))
                    .get(1, TimeUnit.MINUTES); // beyond the queue: so the other is in it
            up.signal("TERM");
            assertTrue(up.awaitLine("Waiting up to").contains("60 s"));
            assertEquals(List.of(503, 503), List.of(status(two.get(0)), status(two.get(1))));
            HttpResponse<String> refused = up.get("/ocpu/info").get(1, TimeUnit.MINUTES);
            assertEquals(503, refused.statusCode());
            assertTrue(refused.body().contains("shutting down"), refused.body());
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            HttpResponse<String> finished = running.get(1, TimeUnit.MINUTES);
            assertEquals(201, finished.statusCode(), finished.body());
            assertTrue(up.endsWithin(30), "the server does not end");
            assertEquals(0, up.process.exitValue());
        }
        assertEquals(List.of(), named(data.toString()));
    }

    @Test
    void aServerThatIsKilledLeavesNothingRunningAndStartsAnewAndEndsAfterItsGrace() throws Exception {
        try (UpProcess up = UpProcess.start(data, "")) {
            CompletableFuture<HttpResponse<String>> lost = up.call("system('sleep 600." + MARK + "')");
            assertFalse(up.awaitProcess("sleep 600." + MARK).isEmpty(), "the call does not run");
            List<ProcessHandle> all = up.process.descendants().toList();
            up.signal("KILL");
            assertTrue(TestServer.within(lost::isDone));
            for (ProcessHandle process : all) {
                process.onExit().get(20, TimeUnit.SECONDS);
            }
        }
        try (UpProcess up = UpProcess.start(data, "shutdown.grace=1\n")) {
            assertEquals(201, status(up.call("1")));
            try (Stream<Path> work = Files.walk(data.resolve("work/requests"))) {
                assertEquals(List.of(), work.filter(Files::isRegularFile).toList());
            }
            everythingEndsAtCtrlC(up, 1);
        }
    }

    @Test
    void anEngineOrAWorkerThatIsKilledCostsItsRequestsOnlyAndASecondCtrlCEndsAll() throws Exception {
        try (UpProcess up = UpProcess.start(data, "workers.idle=1\nshutdown.grace=600\n")) {
            // Of the processes that are R's, from the one that runs the call upwards.
            costsItsRequestsOnly(up, "base/R/identity", 0, "worker");
            costsItsRequestsOnly(up, "base/R/identity", 1, "base engine");
            costsItsRequestsOnly(up, "base/R/identity", 2, "guardian of the base engine");
            costsItsRequestsOnly(up, "MASS/R/fractions", 0, "worker of a package's engine");
            costsItsRequestsOnly(up, "MASS/R/fractions", 1, "package's engine");
            costsItsRequestsOnly(up, "MASS/R/fractions", 2, "base engine below a package's engine");
            everythingEndsAtCtrlC(up, 2);
        }
    }

    @Test
    void ctrlCIsHeardWhileTheSampleAppIsBuilt(@TempDir Path empty) throws Exception {
        try (UpProcess up = UpProcess.startWithSampleApp(empty, "shutdown.grace=1\n")) {
            for (ProcessHandle r : up.awaitProcess("INSTALL")) {
                UpProcess.signal("STOP", r.pid()); // so that the build does not end by itself
            }
            up.signal("INT");
            up.awaitLine("Waiting up to shutdown.grace = 1 s");
            assertTrue(up.endsWithin(30), "the server does not end");
            assertEquals(0, up.process.exitValue());
        }
        assertTrue(TestServer.within(() -> named(empty.toString()).isEmpty()), named(empty.toString())::toString);
    }

    private static void everythingEndsAtCtrlC(UpProcess up, int times) throws Exception {
        CompletableFuture<HttpResponse<String>> endless = up.call("system('sleep 600." + MARK + "')");
        List<ProcessHandle> sleep = up.awaitProcess("sleep 600." + MARK);
        assertFalse(sleep.isEmpty(), "the call does not run");
        up.signal("INT");
        up.awaitLine("Waiting up to");
        if (times == 2) {
            up.signal("INT");
        }
        assertTrue(up.endsWithin(30), "the server does not end");
        for (ProcessHandle process : sleep) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
        assertTrue(TestServer.within(endless::isDone), "the client is left waiting");
        assertTrue(TestServer.within(() -> named(data.toString()).isEmpty()), named(data.toString())::toString);
    }

    private static void costsItsRequestsOnly(UpProcess up, String function, int above, String victim) throws Exception {
        CompletableFuture<HttpResponse<String>> call = up.call(function, "system('sleep 600." + MARK + "')");
        ProcessHandle sleep = up.awaitProcess("sleep 600." + MARK).get(0);
        ProcessHandle r = sleep.parent().orElseThrow();
        while (!r.info().commandLine().orElse("").contains("--vanilla")) {
            r = r.parent().orElseThrow(); // shells that system() has started
        }
        for (int i = 0; i < above; i++) {
            r = r.parent().orElseThrow();
        }
        assertTrue(r.destroyForcibly());
        HttpResponse<String> answer = call.get(1, TimeUnit.MINUTES);
        assertTrue(List.of(400, 503).contains(answer.statusCode()), victim + ": " + answer.body());
        assertTrue(TestServer.within(() -> !sleep.isAlive()), victim + " leaves what it started");
        int next = status(up.call(function, "6 * 7"));
        assertEquals(201, next == 503 ? status(up.call(function, "6 * 7")) : next, "after the end of the " + victim);
    }

    @Test
    void moreConnectionsThanFilesMayBeOpenDoNotStopIt() throws Exception {
        try (UpProcess up = UpProcess.start(data, "http.idle=1\n", "prlimit", "--nofile=256:256")) {
            List<Socket> many = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                many.add(connect(up));
            }
            for (Socket socket : many.subList(0, 200)) {
                socket.close();
            }
            HttpResponse<String> answer = up.call("1").get(1, TimeUnit.MINUTES);
            assertEquals(201, answer.statusCode(), () -> "those before send nothing, or are gone: " + answer.body());
            for (Socket socket : many) {
                socket.close();
            }
            assertEquals(200, status(up.get("/ocpu/info")));
            assertEquals(201, status(up.call("2")));
        }
    }

    @Test
    void aLimitOfItsOwnHoldsForWorkersToo() throws Exception {
        try (UpProcess up = UpProcess.start(data, "", "prlimit", "--cpu=3000:3000")) {
            assertEquals(201, status(up.call("1")), "rlimit.cpu is more than the server itself may use");
        }
    }

    private static Socket connect(UpProcess up) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(up.address.getHost(), up.address.getPort()), 30_000);
        return socket;
    }
}
