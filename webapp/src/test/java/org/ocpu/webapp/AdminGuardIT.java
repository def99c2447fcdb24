package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who guesses the admin token, and a server whose admin does nothing over HTTP. */
class AdminGuardIT {
    @TempDir
    Path directory;

    private static HttpResponse<byte[]> outbox(TestServer server, String token) {
        return server.get("/api/v1/outbox", "Authorization", "Bearer " + token);
    }

    @Test
    void whoGuessesIsToldToWait() {
        try (TestServer server = new TestServer(directory, Map.of())) {
            String token = new AdminToken(server.data).renew();
            for (int i = 0; i < Guesses.MOST; i++) {
                assertEquals(200, outbox(server, token).statusCode());
                assertEquals(403, outbox(server, "wrong" + i).statusCode());
            }
            for (String guess : new String[] {"another", token}) {
                HttpResponse<byte[]> refused = outbox(server, guess);
                assertEquals(429, refused.statusCode(), text(refused));
                assertEquals("60", header(refused, "Retry-After"));
            }
            assertEquals(401, server.get("/api/v1/outbox").statusCode());
            assertEquals(200, server.get("/api/v1/builds").statusCode());
        }
    }

    @Test
    void theAdminsActionsCanBeSwitchedOff() {
        try (TestServer server = new TestServer(directory, Map.of("enable.admin", "false"))) {
            String token = new AdminToken(server.data).renew();
            HttpResponse<byte[]> removal = server.send(server.request("/api/v1/apps/ada/hello")
                    .header("Authorization", "Bearer " + token)
                    .method("DELETE", BodyPublishers.noBody()));
            for (HttpResponse<byte[]> refused : List.of(removal, outbox(server, token), server.get("/api/v1/outbox"))) {
                assertEquals(403, refused.statusCode(), text(refused));
                assertTrue(text(refused).contains("enable.admin: true"), text(refused));
            }
            assertEquals(200, server.get("/api/v1/builds").statusCode());
            String page = text(server.get("/admin"));
            assertTrue(page.contains("switched off on this server") && !page.contains("<form"), page);
        }
    }
}
