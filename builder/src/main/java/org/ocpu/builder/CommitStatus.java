package org.ocpu.builder;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mark that GitHub shows beside a commit: how its build stands, with a link to it. As in GitHub's "REST API endpoints for
 * commit statuses".
 */
final class CommitStatus implements Recipient {
    private static final Logger log = LoggerFactory.getLogger(CommitStatus.class);
    private static final Duration USEFUL = Duration.ofDays(1);
    private static final int LONGEST_DESCRIPTION = 140;

    private final GitHubApi api;
    private final URI site;

    /** @param site what the links begin with */
    CommitStatus(GitHubApi api, URI site) {
        this.api = api;
        this.site = site;
    }

    @Override
    public Post.Kind kind() {
        return Post.Kind.STATUS;
    }

    /** Nothing without a token. */
    @Override
    public Optional<Post> about(Build build) {
        AppName app = build.app();
        if (api.token(app.owner()).isEmpty()) {
            log.debug("no status of build {}: there is no token for {}", build.id(), app.owner());
            return Optional.empty();
        }
        String context = context(app);
        String commit = build.push().commit();
        return Optional.of(new Post(
                Post.Kind.STATUS,
                api.account(app.owner()),
                "%s %s %s".formatted(app.repository().toLowerCase(Locale.ROOT), commit, context),
                api.address("/repos/%s/statuses/%s".formatted(app.repository(), commit)),
                body(build, context),
                Instant.now().plus(USEFUL)));
    }

    @Override
    public Optional<HttpRequest> request(Post post) {
        return api.token(post.owner()).filter(token -> api.has(post.url())).map(token -> api.request(
                        post.url(), Optional.of(token))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(post.body()))
                .build());
    }

    /** GitHub answers so for a repository that has been renamed. */
    @Override
    public boolean mayMoveTo(URI address) {
        return api.has(address);
    }

    private String body(Build build, String context) {
        ObjectNode body = new JsonMapper().createObjectNode();
        body.put("state", state(build.state()));
        body.put("target_url", site + "/builds/" + build.id());
        body.put("description", Text.line(description(build), LONGEST_DESCRIPTION - 1));
        body.put("context", context);
        return body.toString();
    }

    /** Apps of the same commit do not hide each other's marks. */
    private static String context(AppName app) {
        return "ocpu" + app.part().map(part -> "/" + part).orElse("")
                + app.preview().map(preview -> "/preview").orElse("");
    }

    private static String state(State state) {
        return switch (state) {
            case QUEUED, RUNNING -> "pending";
            case SUCCEEDED -> "success";
            case FAILED -> "failure";
            case SUPERSEDED, CANCELLED -> "error";
        };
    }

    private static String description(Build build) {
        return switch (build.state()) {
            case QUEUED -> "queued";
            case RUNNING -> "building";
            case SUCCEEDED ->
                build.description()
                        .map(description -> "live: " + description.name() + " " + description.version())
                        .orElse("live");
            case FAILED ->
                build.failure()
                        .map(failure -> failure.stage().label() + ": "
                                + failure.reason().strip().replaceAll("\\s+", " "))
                        .orElse("failed");
            case SUPERSEDED ->
                build.supersededBy().isPresent()
                        ? "superseded by #" + build.supersededBy().getAsLong()
                        : "superseded";
            case CANCELLED -> "cancelled";
        };
    }
}
