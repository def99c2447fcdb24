package org.ocpu.builder;

import java.util.List;

/** What the webhook makes of a delivery. */
sealed interface Verdict {
    /** Something to build: one push for each package of the repository that is an app. */
    record Accepted(List<Push> pushes) implements Verdict {
        public Accepted {
            pushes = List.copyOf(pushes);
        }
    }

    /** Previews that are not needed any more. */
    record Closed(List<AppName> previews, String message) implements Verdict {
        public Closed {
            previews = List.copyOf(previews);
        }
    }

    /** Nothing to build, and why. */
    record Answered(WebhookAnswer answer) implements Verdict {}

    static Verdict answer(int status, String message) {
        return new Answered(WebhookAnswer.of(status, message));
    }
}
