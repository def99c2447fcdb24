package org.ocpu.builder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A push to this server's own repository, as {@link LocalRepository#push} made it, and the delivery that tells the webhook of
 * it like GitHub would.
 *
 * @param message of the commit
 * @param details what a user should know about it, in a sentence; for example that uncommitted changes are not in it
 */
public record LocalPush(
        String owner,
        String repo,
        String branch,
        String commit,
        Move move,
        String message,
        String authorName,
        String authorEmail,
        String details) {

    private static final String NOTHING = "0".repeat(40);

    /**
     * How the branch moved.
     *
     * @param before the commit it was at; absent for a new branch
     * @param forced whether the new commit does not descend from that
     * @param committed when the new commit was made
     * @param pushed when it came here
     */
    public record Move(Optional<String> before, boolean forced, Instant committed, Instant pushed) {}

    /** The body to POST to the webhook as {@code application/json}. */
    public byte[] payload() {
        Map<String, Object> author = Map.of("name", authorName, "email", authorEmail);
        Map<String, Object> head = Map.of(
                "id", commit, "message", message, "timestamp", move.committed().toString(), "author", author);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("ref", "refs/heads/" + branch);
        payload.put("before", move.before().orElse(NOTHING));
        payload.put("after", commit);
        payload.put("created", move.before().isEmpty());
        payload.put("deleted", false);
        payload.put("forced", move.forced());
        payload.put("repository", repository());
        payload.put("pusher", author);
        payload.put("commits", List.of(head));
        payload.put("head_commit", head);
        try {
            return new JsonMapper().writeValueAsBytes(payload);
        } catch (JsonProcessingException e) {
            throw new BuilderException("a payload cannot be written", e);
        }
    }

    private Map<String, Object> repository() {
        return Map.of(
                "name",
                repo,
                "full_name",
                owner + "/" + repo,
                "owner",
                Map.of("login", owner, "email", authorEmail),
                "default_branch",
                branch,
                "private",
                false,
                "pushed_at",
                move.pushed().getEpochSecond());
    }

    /** The headers to send along with it; each time those of another delivery. */
    public static Map<String, String> headers(byte[] payload, String secret) {
        return Map.of(
                "X-GitHub-Event",
                "push",
                "X-GitHub-Delivery",
                UUID.randomUUID().toString(),
                "X-Hub-Signature-256",
                WebhookSignature.of(payload, secret));
    }
}
