package org.ocpu.builder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Deliveries like GitHub's, signed. */
final class Deliveries {
    static final String SECRET = "It's a Secret to Everybody";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private Deliveries() {}

    static Delivery push(AppName app, String commit) {
        return signed(payload(app, commit));
    }

    static Delivery changed(Consumer<ObjectNode> change) {
        ObjectNode payload = payload(new AppName("Alice", "Stocks"), COMMIT);
        change.accept(payload);
        return signed(payload);
    }

    static ObjectNode payload(AppName app, String commit) {
        ObjectNode payload = new JsonMapper().createObjectNode();
        payload.put("ref", "refs/heads/main").put("after", commit).put("deleted", false);
        ObjectNode repository = payload.putObject("repository");
        repository.put("name", app.repo()).put("full_name", app.toString()).put("default_branch", "main");
        repository.putObject("owner").put("login", app.owner()).put("email", "owner@example.org");
        payload.putObject("pusher").put("name", "pat").put("email", "pat@example.org");
        ObjectNode change = payload.putArray("commits").addObject();
        change.put("id", commit).put("message", "Add a function\n\nwith details");
        change.putObject("author").put("name", "Pat Example");
        return payload;
    }

    static Delivery signed(ObjectNode payload) {
        try {
            return signed("application/json", new JsonMapper().writeValueAsString(payload));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Delivery signed(String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Delivery(
                contentType,
                Map.of("X-GitHub-Event", "push", "X-Hub-Signature-256", WebhookSignature.of(bytes, SECRET)),
                bytes,
                Map.of());
    }

    static Delivery asking(Delivery delivery, Map<String, String> query) {
        return new Delivery(delivery.contentType(), delivery.headers(), delivery.body(), query);
    }

    static Delivery saying(Delivery delivery, String header, String value) {
        Map<String, String> headers = new HashMap<>(delivery.headers());
        headers.put(header, value);
        return new Delivery(delivery.contentType(), headers, delivery.body(), delivery.query());
    }
}
