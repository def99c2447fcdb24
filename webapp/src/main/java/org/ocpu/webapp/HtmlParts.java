package org.ocpu.webapp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;
import org.ocpu.builder.Words;

/** Small things that several pages show, each in one way. */
final class HtmlParts {
    private HtmlParts() {}

    static Html state(State state) {
        return state(state.label());
    }

    /** @param label the state in a word, which also chooses its colour */
    static Html state(String label) {
        return Html.of("<span class=\"state\" data-state=\"{}\">{}</span>", label, label);
    }

    /** Whether the app is as it was pushed last. */
    static Html health(Optional<BuildView> newest) {
        State state = newest.map(BuildView::state).orElse(State.SUCCEEDED);
        String says =
                switch (state) {
                    case FAILED -> "failing";
                    case QUEUED, RUNNING -> "building";
                    default -> "live";
                };
        return Html.of("<span class=\"state\" data-state=\"{}\">{}</span>", state.label(), says);
    }

    static Html time(Instant instant) {
        return Html.of("<time datetime=\"{}\">{}</time>", instant, Words.moment(instant));
    }

    /** How long ago that was; when it was exactly, to whoever points at it. */
    static Html ago(Instant instant, Instant now) {
        return Html.of(
                "<time datetime=\"{}\" title=\"{}\">{}</time>",
                instant,
                Words.moment(instant),
                new Ago(now).of(instant));
    }

    /** Nothing as long as it has not ended. */
    static String took(Optional<Instant> start, Optional<Instant> end) {
        if (start.isEmpty() || end.isEmpty()) {
            return "";
        }
        return Words.time(Duration.between(start.get(), end.get()));
    }

    /** As git shortens it. */
    static String commit(BuildView build) {
        return build.commit().substring(0, Math.min(7, build.commit().length()));
    }
}
