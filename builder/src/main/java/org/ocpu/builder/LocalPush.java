package org.ocpu.builder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * A push to this server's own repository, as {@link LocalRepository#push} made it, and the delivery that tells the webhook of
 * it like GitHub would.
 *
 * @param details what a user should know about it, in a sentence; for example that uncommitted changes are not in it
 */
public record LocalPush(
        String owner,
        String repo,
        String branch,
        String commit,
        String message,
        String authorName,
        String authorEmail,
        String details) {

    /** The body to POST to the webhook as {@code application/json}. */
    public byte[] payload() {
        Map<String, Object> author = Map.of("name", authorName, "email", authorEmail);
        Map<String, Object> repository = Map.of(
                "name",
                repo,
                "full_name",
                owner + "/" + repo,
                "owner",
                Map.of("login", owner),
                "default_branch",
                branch);
        Map<String, Object> payload = Map.of(
                "ref",
                "refs/heads/" + branch,
                "after",
                commit,
                "deleted",
                false,
                "repository",
                repository,
                "pusher",
                author,
                "commits",
                List.of(Map.of("id", commit, "message", message, "author", author)));
        try {
            return new JsonMapper().writeValueAsBytes(payload);
        } catch (JsonProcessingException e) {
            throw new BuilderException("a payload cannot be written", e);
        }
    }

    /** The headers to send along with it. */
    public static Map<String, String> headers(byte[] payload, String secret) {
        return Map.of("X-GitHub-Event", "push", "X-Hub-Signature-256", WebhookSignature.of(payload, secret));
    }
}
