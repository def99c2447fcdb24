package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.State;

/** Builds of a server that is stopped as SIGTERM stops it: none is lost. */
@Timeout(180)
class StoppedBuildsIT {
    private static final String SLEEP = "sleep 600.43" + ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private Path source(String name, String code) throws IOException {
        Path source = directory.resolve(name);
        SourcePackage.write(source, code, Map.of());
        return source;
    }

    /** A package that is built when its sleep has been ended. */
    private Path slow() throws IOException {
        return source("slow", "system('" + SLEEP + "')\nfine <- function() 42\n");
    }

    private TestServer server(String grace) {
        return new TestServer(directory.resolve("data"), Map.of("shutdown.grace", grace));
    }

    private static List<ProcessHandle> sleeping() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").endsWith(SLEEP))
                .toList();
    }

    private static void awaitBuilding() {
        assertTrue(TestServer.within(() -> !sleeping().isEmpty()), "the build does not run");
    }

    /** Each of its steps may run the package's code. */
    private static void awaitBuilt(CompletableFuture<?> built) {
        assertTrue(
                TestServer.within(() -> {
                    sleeping().forEach(ProcessHandle::destroyForcibly);
                    return built.isDone();
                }),
                "the build does not end");
    }

    private static CompletableFuture<Void> draining(TestServer server, List<String> told) {
        return CompletableFuture.runAsync(() -> {
            try {
                server.server.drain(told::add);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void oneThatRunsIsFinishedAndOneThatComesMeanwhileWaitsForTheNextStart() throws Exception {
        long waiting;
        try (TestServer server = server("600")) {
            long running = server.push("ada", "slow", slow());
            awaitBuilding();
            List<String> told = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> drained = draining(server, told);
            assertTrue(TestServer.within(() -> !told.isEmpty()), "it does not wait for the build");
            assertTrue(
                    told.get(0).contains("shutdown.grace = 600 s")
                            && told.get(0).contains("1 builds"),
                    told.get(0));
            waiting = server.push("ada", "other", source("other", "fine <- function() 43\n"));
            awaitBuilt(drained);
            drained.get();
            assertEquals(State.SUCCEEDED, server.finished(running).state());
        }
        try (TestServer server = server("1")) {
            assertEquals("[42]", text(server.call("/ocpu/apps/ada/slow/R/fine/json")));
            assertEquals(State.SUCCEEDED, server.finished(waiting).state());
            assertEquals("[43]", text(server.call("/ocpu/apps/ada/other/R/fine/json")));
        }
    }

    @Test
    void oneThatIsNotFinishedInTimeRunsAgainAfterTheNextStart() throws Exception {
        long build;
        try (TestServer server = server("1")) {
            build = server.push("ada", "slow", slow());
            awaitBuilding();
            draining(server, new CopyOnWriteArrayList<>()).get();
        }
        assertTrue(TestServer.within(() -> sleeping().isEmpty()), "it runs on without its server");
        try (TestServer server = server("1")) {
            awaitBuilding();
            awaitBuilt(server.server.builds().finished(build));
            assertEquals(State.SUCCEEDED, server.finished(build).state());
            assertEquals("[42]", text(server.call("/ocpu/apps/ada/slow/R/fine/json")));
        }
    }
}
