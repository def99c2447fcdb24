package org.ocpu.builder;

import java.util.Map;

/** What a delivery is answered with: an HTTP status and a JSON object that always has a {@code message}. */
public record WebhookAnswer(int status, Map<String, Object> body) {
    public WebhookAnswer {
        body = Map.copyOf(body);
    }

    static WebhookAnswer of(int status, String message) {
        return new WebhookAnswer(status, Map.of("message", message));
    }

    static WebhookAnswer accepted(long build, String message) {
        return new WebhookAnswer(202, Map.of("build", build, "url", "/builds/" + build, "message", message));
    }
}
