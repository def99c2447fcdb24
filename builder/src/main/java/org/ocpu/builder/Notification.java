package org.ocpu.builder;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/** The outgoing webhook: every finished build, as JSON, to {@code notify.url}, signed like GitHub signs its deliveries. */
final class Notification implements Recipient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration USEFUL = Duration.ofDays(2);

    private final BuilderConfig.Reports config;
    private final BiFunction<AppName, Description, URI> live;

    /** @param live the address of an app that has just been published */
    Notification(BuilderConfig.Reports config, BiFunction<AppName, Description, URI> live) {
        this.config = config;
        this.live = live;
    }

    @Override
    public Post.Kind kind() {
        return Post.Kind.NOTIFICATION;
    }

    @Override
    public Optional<Post> about(Build build) {
        return config.notifyUrl()
                .filter(url -> build.state().finished())
                .map(url -> new Post(
                        Post.Kind.NOTIFICATION,
                        "",
                        // the time, too: numbers begin anew with another data directory
                        "%s %s".formatted(page(build), build.times().queued()),
                        url,
                        body(build),
                        Instant.now().plus(USEFUL)));
    }

    @Override
    public Optional<HttpRequest> request(Post post) {
        return config.notifyUrl().filter(post.url()::equals).map(url -> signed(post));
    }

    @Override
    public boolean mayMoveTo(URI address) {
        return false;
    }

    private HttpRequest signed(Post post) {
        byte[] body = post.body().getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(post.url())
                .header("Content-Type", "application/json")
                .header("User-Agent", "ocpu")
                .header("X-Ocpu-Event", "build")
                .header("X-Ocpu-Delivery", delivery(post))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        config.notifySecret()
                .ifPresent(secret -> request.header("X-Hub-Signature-256", WebhookSignature.of(body, secret)));
        return request.build();
    }

    /** The same each time a build is told of, so that a receiver knows a repetition. */
    private static String delivery(Post post) {
        return UUID.nameUUIDFromBytes(post.topic().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private String body(Build build) {
        ObjectNode body = JSON.createObjectNode();
        body.put("event", "build");
        ObjectNode json = body.putObject("build");
        what(build, json);
        outcome(build, json);
        put(json, "queuedAt", Optional.of(build.times().queued()));
        put(json, "startedAt", build.times().started());
        put(json, "finishedAt", build.times().finished());
        json.put("url", page(build));
        return body.toString();
    }

    private static void what(Build build, ObjectNode json) {
        AppName app = build.app();
        json.put("id", build.id());
        json.put("app", app.toString());
        json.put("owner", app.owner());
        json.put("repo", app.repo());
        put(json, "part", app.part());
        put(json, "preview", app.preview());
        json.put("commit", build.push().commit());
        json.put("ref", build.push().ref());
    }

    private void outcome(Build build, ObjectNode json) {
        json.put("state", build.state().label());
        put(json, "stage", build.failure().map(failure -> failure.stage().label()));
        put(json, "failure", build.failure().map(Build.Failure::reason));
        build.supersededBy().ifPresent(newer -> json.put("supersededBy", newer));
        put(json, "package", build.description().map(Description::name));
        put(json, "version", build.description().map(Description::version));
        put(
                json,
                "live",
                build.description()
                        .filter(known -> build.state() == State.SUCCEEDED)
                        .map(known -> live.apply(build.app(), known)));
    }

    private String page(Build build) {
        return config.site() + "/builds/" + build.id();
    }

    private static void put(ObjectNode json, String name, Optional<?> value) {
        value.ifPresent(known -> json.put(name, known.toString()));
    }
}
