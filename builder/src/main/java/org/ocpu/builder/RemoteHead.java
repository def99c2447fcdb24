package org.ocpu.builder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks a repository what its app should be built from now. Thread-safe. */
final class RemoteHead {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BuilderConfig.GitHub github;
    private final Path repositories;
    private final StopSignal stop;

    /**
     * A ref as it is now.
     *
     * @param ref its whole name
     * @param commit a tag's is the one that it tags
     */
    record Head(String ref, String commit) {}

    /** @param repositories where {@code ./ocpu push} puts them */
    RemoteHead(BuilderConfig.GitHub github, Path repositories, StopSignal stop) {
        this.github = github;
        this.repositories = repositories;
        this.stop = stop;
    }

    /**
     * The branch or tag that this policy means now. An app that {@code ./ocpu push} filled is asked for on this server, since
     * GitHub's repository of that name, if there is one, would undo what was pushed here.
     *
     * @return absent when the repository has no such branch, no release, or no commit at all
     * @throws BuildFailure when the repository cannot be asked, saying why
     * @throws BuildStopped when the server closes
     */
    Optional<Head> of(AppName app, RefPolicy policy) {
        return LocalRepository.refs(repositories, app)
                .orElseGet(() -> GitRemote.of(github, app, new Patience(Deadline.in(PATIENCE), stop))
                        .ask(GitRefs.toFollow(policy)))
                .follow(policy);
    }
}
