package org.ocpu.builder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ocpu.mailer.Message;

/** GitHub's JSON about an event, and what all events tell of their repository. */
final class Payload {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);
    private static final int LONGEST_NAME = 100;

    private final JsonNode root;

    private Payload(JsonNode root) {
        this.root = root;
    }

    /** @throws UnusableDelivery when the body is not a JSON object, plain or as the form field {@code payload} */
    static Payload read(Delivery delivery) {
        byte[] json =
                switch (delivery.mediaType()) {
                    case "application/json", "" -> delivery.body();
                    case "application/x-www-form-urlencoded" -> formField(delivery.body());
                    default ->
                        throw new UnusableDelivery(
                                415,
                                "the webhook takes application/json or application/x-www-form-urlencoded, not "
                                        + Text.line(delivery.mediaType(), 100));
                };
        return new Payload(parse(json));
    }

    private static byte[] formField(byte[] body) {
        String form = new String(body, StandardCharsets.UTF_8);
        String field = Arrays.stream(form.split("&", -1))
                .filter(pair -> pair.startsWith("payload="))
                .findFirst()
                .orElseThrow(() -> new UnusableDelivery(400, "the form has no field payload"))
                .substring("payload=".length());
        try {
            return URLDecoder.decode(field, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnusableDelivery(400, "the field payload is not form-encoded: " + e.getMessage());
        }
    }

    private static JsonNode parse(byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject()) {
                throw new UnusableDelivery(400, "the payload is not a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new UnusableDelivery(400, "the payload is not JSON: " + Text.line(e.getOriginalMessage(), 200));
        } catch (IOException e) {
            throw new UnusableDelivery(400, "the payload is not JSON: its characters are not UTF-8");
        }
    }

    /** @throws UnusableDelivery naming all of these fields (dots between levels) that are missing */
    void require(String... fields) {
        List<String> missing =
                Arrays.stream(fields).filter(field -> field(field).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw new UnusableDelivery(400, "the payload lacks " + String.join(", ", missing));
        }
    }

    private Optional<String> field(String name) {
        return switch (name) {
            case "repository.owner.login" -> ownerName();
            case "repository.default_branch" -> defaultBranch();
            default -> text("/" + name.replace('.', '/'));
        };
    }

    /** The app of the whole repository. */
    AppName app() {
        try {
            AppName app = new AppName(
                    ownerName().orElseThrow(), text("/repository/name").orElseThrow());
            text("/repository/full_name")
                    .filter(full -> !full.equalsIgnoreCase(app.toString()))
                    .ifPresent(full -> {
                        throw new UnusableDelivery(
                                400, "repository.full_name is %s, not %s".formatted(Text.line(full, 150), app));
                    });
            return app;
        } catch (IllegalArgumentException e) {
            throw new UnusableDelivery(400, e.getMessage());
        }
    }

    Optional<String> defaultBranch() {
        return text("/repository/default_branch").or(() -> text("/repository/master_branch"));
    }

    /** Whether anyone may read the repository; not when the payload does not say so. */
    boolean open() {
        return !at("/repository/private").asBoolean(true);
    }

    Optional<Person> owner() {
        return ownerName().map(name -> person(name, "/repository/owner/email"));
    }

    Person person(String name, String email) {
        return new Person(Text.line(name, LONGEST_NAME), text(email).filter(Message::isAddress));
    }

    /** A text that is there and not empty, by its JSON pointer. */
    Optional<String> text(String pointer) {
        JsonNode node = at(pointer);
        return node.isTextual() && !node.textValue().isEmpty() ? Optional.of(node.textValue()) : Optional.empty();
    }

    JsonNode at(String pointer) {
        return root.at(pointer);
    }

    private Optional<String> ownerName() {
        return text("/repository/owner/login").or(() -> text("/repository/owner/name"));
    }
}
