package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HealthIT {
    @TempDir
    Path directory;

    private List<ProcessHandle> engines() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(directory.toString()))
                .toList();
    }

    private static int ready(TestServer server) {
        return server.get("/health/ready").statusCode();
    }

    /** Engines listen in a directory, which is not there for a while. */
    @Test
    void aServerWhoseEngineCannotStartIsLiveButNotReady() throws Exception {
        try (TestServer server = new TestServer(directory, Map.of("workers.idle", "1"))) {
            Path sockets = directory.resolve("work").resolve("e");
            Path away = Files.move(sockets, directory.resolve("away"));
            engines().forEach(ProcessHandle::destroyForcibly);
            assertTrue(TestServer.within(() -> ready(server) == 503), "ready without R");
            HttpResponse<byte[]> notReady = server.get("/health/ready");
            assertTrue(text(notReady).contains("The R engine did not start"), text(notReady));
            assertEquals("ok", text(server.get("/health/live")));
            Files.move(away, sockets);
            assertTrue(TestServer.within(() -> ready(server) == 200), "not ready with R");
            assertEquals("[42]", text(server.form("/ocpu/library/base/R/identity/json", "x=42")));
        }
    }

    @Test
    void aServerIsReadyAgainAfterItsEngineDiedAndNotWithoutItsDatabase() throws Exception {
        try (TestServer server = new TestServer(directory, Map.of("workers.idle", "1"))) {
            assertEquals("ready", text(server.get("/health/ready")));
            assertEquals(200, server.head("/health/ready").statusCode());
            List<ProcessHandle> before = engines();
            assertEquals(1, before.size(), before.toString());
            before.get(0).destroyForcibly();
            before.get(0).onExit().get();
            assertTrue(TestServer.within(() -> !engines().isEmpty()), "no engine is started again");
            assertTrue(TestServer.within(() -> ready(server) == 200), "not ready with its new engine");

            server.server.builds().close();
            assertTrue(TestServer.within(() -> ready(server) != 200), "ready without its database");
            HttpResponse<byte[]> notReady = server.get("/health/ready", "Accept", "application/json");
            assertEquals(503, notReady.statusCode());
            assertTrue(text(notReady).contains("\"message\":\"The database does not answer.\""), text(notReady));
            assertEquals("no-store", header(notReady, "Cache-Control"));
            assertEquals("ok", text(server.get("/health/live")));
        }
    }
}
