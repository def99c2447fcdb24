package org.ocpu.builder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A build as it stands.
 *
 * @param app its owner and repository, and which of its packages or previews
 * @param ref the whole name of what was pushed, such as {@code refs/heads/main}
 * @param branch that without its kind
 * @param message the first line of the commit's message; empty when it is not known
 * @param stages those begun; while the build is not finished also those to come
 * @param attempts 2 when a crash of the server interrupted it and it was run again
 * @param failure the reason, in words for the author; may have several lines
 * @param supersededBy the newer build that made it pointless
 * @param mail where the mail about it is: {@code sent}, {@code kept in the outbox}, {@code waiting: ...}, {@code failed:
 *     ...}, why there is none, or empty while there is none yet
 */
public record BuildView(
        long id,
        AppName app,
        String commit,
        String ref,
        String branch,
        String message,
        String pusher,
        State state,
        int attempts,
        List<StageView> stages,
        Instant queuedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> failure,
        Optional<String> failedStage,
        OptionalLong supersededBy,
        String mail,
        Optional<String> packageName,
        Optional<String> version) {
    public BuildView {
        stages = List.copyOf(stages);
    }
}
