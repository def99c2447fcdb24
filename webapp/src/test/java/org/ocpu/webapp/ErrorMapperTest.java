package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ErrorMapperTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void anErrorThatCannotBeAnsweredEndsItsRequestAllTheSame() throws Exception {
        Javalin server = Javalin.create(javalin -> {
            javalin.startup.showJavalinBanner = false;
            javalin.jetty.host = "127.0.0.1";
            javalin.jetty.port = 0;
            javalin.routes.get("/unanswerable", ctx -> {
                throw new Unanswerable();
            });
            javalin.routes.get("/", ctx -> ctx.result("well"));
            ErrorMapper.on(javalin.routes, Unanswerable.class, (e, ctx) -> {
                throw new Unanswerable();
            });
        });
        server.start();
        try {
            get(server, "/unanswerable");
            assertEquals("well", get(server, "/"));
        } finally {
            server.stop();
        }
    }

    private String get(Javalin server, String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private static final class Unanswerable extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
