package org.ocpu.builder;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.builder.PushOrder.Order;

/**
 * One build as it is stored.
 *
 * @param attempts how often it was begun, crashes of the server only
 * @param rebuildOf the build that someone asked to run again: whoever asks means it, so it counts as newer than all before
 * @param publishing whether it may already be live: its version was about to be put in place
 */
record Build(
        long id,
        Push push,
        State state,
        Times times,
        int attempts,
        boolean publishing,
        OptionalLong supersededBy,
        OptionalLong rebuildOf,
        Optional<Failure> failure,
        Optional<Description> description,
        Optional<String> mailId,
        String mail,
        List<StageView> stages) {

    record Times(Instant queued, Optional<Instant> started, Optional<Instant> finished) {}

    record Failure(Stage stage, String reason) {}

    AppName app() {
        return push.app();
    }

    /** How this stands to another build of the same app, as far as their pushes alone tell; {@code known} are all of the app's. */
    Order order(Build other, Collection<Push> known) {
        boolean asked = rebuildOf.isPresent() || other.rebuildOf.isPresent();
        boolean tags = push.wishes().ref().equals(RefPolicy.RELEASE)
                && other.push.wishes().ref().equals(RefPolicy.RELEASE);
        if (asked || (!tags && !push.ref().equals(other.push.ref()))) {
            return id > other.id ? Order.NEWER : Order.OLDER;
        }
        return PushOrder.compare(push, other.push, known);
    }

    Build with(List<StageView> stagesNow) {
        return new Build(
                id,
                push,
                state,
                times,
                attempts,
                publishing,
                supersededBy,
                rebuildOf,
                failure,
                description,
                mailId,
                mail,
                stagesNow);
    }

    /** @param mailNow where its mail is */
    BuildView view(String mailNow) {
        return new BuildView(
                id,
                push.app(),
                push.commit(),
                push.ref(),
                push.branch(),
                push.message(),
                push.pusher().name(),
                state,
                attempts,
                stages,
                times.queued(),
                times.started(),
                times.finished(),
                failure.map(Failure::reason),
                failure.map(failed -> failed.stage().label()),
                supersededBy,
                mailNow,
                description.map(Description::name),
                description.map(Description::version));
    }
}
