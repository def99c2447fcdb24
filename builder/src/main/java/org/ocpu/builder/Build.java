package org.ocpu.builder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One build as it is stored. */
record Build(
        long id,
        Push push,
        State state,
        Times times,
        Optional<Failure> failure,
        Optional<Description> description,
        Optional<String> mailId,
        String mail,
        List<StageView> stages) {

    record Times(Instant queued, Optional<Instant> started, Optional<Instant> finished) {}

    record Failure(Stage stage, String reason) {}

    Build with(List<StageView> stagesNow) {
        return new Build(id, push, state, times, failure, description, mailId, mail, stagesNow);
    }

    /** @param mailNow where its mail is */
    BuildView view(String mailNow) {
        return new BuildView(
                id,
                push.app().owner(),
                push.app().repo(),
                push.commit(),
                push.branch(),
                push.pusher().name(),
                state,
                stages,
                times.queued(),
                times.started(),
                times.finished(),
                failure.map(Failure::reason),
                failure.map(failed -> failed.stage().label()),
                mailNow,
                description.map(Description::name),
                description.map(Description::version));
    }
}
