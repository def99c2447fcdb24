package org.ocpu.builder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A build as it stands.
 *
 * @param stages those begun; while the build is not finished also those to come
 * @param failure the reason, in words for the author; may have several lines
 * @param mail where the mail about it is: {@code sent}, {@code kept in the outbox}, {@code waiting: ...}, {@code failed:
 *     ...}, why there is none, or empty while there is none yet
 */
public record BuildView(
        long id,
        String owner,
        String repo,
        String commit,
        String branch,
        String pusher,
        State state,
        List<StageView> stages,
        Instant queuedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> failure,
        Optional<String> failedStage,
        String mail,
        Optional<String> packageName,
        Optional<String> version) {
    public BuildView {
        stages = List.copyOf(stages);
    }
}
