package org.ocpu.builder;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What tests of a build's parts need of the whole. */
final class Runs {
    /** How logs are kept where a test does not care. */
    static final BuildLog.Rules RULES = new BuildLog.Rules(1_000_000, Secrets.of(BuilderConfig.from(Map.of())));

    private Runs() {}

    /** A build of a push that runs. */
    static Build running(long id, Push push) {
        return new Build(
                id,
                push,
                State.RUNNING,
                new Build.Times(Instant.now(), Optional.empty(), Optional.empty()),
                1,
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                List.of());
    }
}
