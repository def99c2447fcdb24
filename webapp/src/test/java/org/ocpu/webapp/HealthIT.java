package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpResponse;
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
