package org.ocpu.builder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ocpu.mailer.Message;

/** GitHub's JSON about a push, and what of it concerns this server. */
final class PushPayload {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);
    private static final String HEADS = "refs/heads/";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_MESSAGE = 1_000;

    private final JsonNode root;

    private PushPayload(JsonNode root) {
        this.root = root;
    }

    /** @throws UnusableDelivery when the body is not a JSON object, plain or as the form field {@code payload} */
    static PushPayload read(Delivery delivery) {
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
        return new PushPayload(parse(json));
    }

    Verdict push(Push.Wishes wishes) {
        requireFields();
        AppName app = name();
        String ref = text("/ref").orElseThrow();
        String branch = ref.startsWith(HEADS) ? ref.substring(HEADS.length()) : "";
        if (branch.isEmpty()) {
            return ignored(Text.line(ref, LONGEST_NAME) + " is not a branch");
        }
        if (root.path("deleted").asBoolean() || text("/after").orElseThrow().matches("0+")) {
            return ignored("the branch " + Text.line(branch, LONGEST_NAME) + " was deleted");
        }
        String built = defaultBranch().orElseThrow();
        if (!branch.equals(built)) {
            return ignored("%s is not the default branch %s"
                    .formatted(Text.line(branch, LONGEST_NAME), Text.line(built, LONGEST_NAME)));
        }
        return accepted(app, branch, wishes);
    }

    private Verdict accepted(AppName app, String branch, Push.Wishes wishes) {
        try {
            return new Verdict.Accepted(List.of(new Push(
                    app,
                    "",
                    HEADS + branch,
                    text("/after").orElseThrow(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    pusher(),
                    ownerPerson(),
                    commits(),
                    wishes)));
        } catch (IllegalArgumentException e) {
            throw new UnusableDelivery(400, e.getMessage());
        }
    }

    private static Verdict ignored(String reason) {
        return Verdict.answer(200, "ignored: " + reason);
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

    private void requireFields() {
        List<String> missing = new ArrayList<>();
        requireField(missing, "ref", text("/ref"));
        requireField(missing, "after", text("/after"));
        requireField(missing, "repository.name", text("/repository/name"));
        requireField(missing, "repository.owner.login", ownerName());
        requireField(missing, "repository.default_branch", defaultBranch());
        if (!missing.isEmpty()) {
            throw new UnusableDelivery(400, "the payload lacks " + String.join(", ", missing));
        }
    }

    private static void requireField(List<String> missing, String name, Optional<String> value) {
        if (value.isEmpty()) {
            missing.add(name);
        }
    }

    private AppName name() {
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

    private Optional<String> ownerName() {
        return text("/repository/owner/login").or(() -> text("/repository/owner/name"));
    }

    private Optional<String> defaultBranch() {
        return text("/repository/default_branch").or(() -> text("/repository/master_branch"));
    }

    private Person pusher() {
        return person(text("/pusher/name").orElse("someone"), "/pusher/email");
    }

    private Optional<Person> ownerPerson() {
        return ownerName().map(name -> person(name, "/repository/owner/email"));
    }

    private Person person(String name, String email) {
        return new Person(Text.line(name, LONGEST_NAME), text(email).filter(Message::isAddress));
    }

    private List<PushedCommit> commits() {
        List<PushedCommit> all = new ArrayList<>();
        for (JsonNode commit : root.path("commits")) {
            all.add(new PushedCommit(
                    Text.line(commit.path("id").asText(), 64),
                    Text.shorten(commit.path("message").asText().strip(), LONGEST_MESSAGE),
                    Text.line(commit.at("/author/name").asText(), LONGEST_NAME)));
        }
        return all.subList(Math.max(0, all.size() - Push.MOST_COMMITS), all.size());
    }

    private Optional<String> text(String pointer) {
        JsonNode node = root.at(pointer);
        return node.isTextual() && !node.textValue().isEmpty() ? Optional.of(node.textValue()) : Optional.empty();
    }
}
