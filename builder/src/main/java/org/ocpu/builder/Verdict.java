package org.ocpu.builder;

/** What the webhook makes of a delivery. */
sealed interface Verdict {
    /** A push to build. */
    record Accepted(Push push) implements Verdict {}

    /** Nothing to build, and why. */
    record Answered(WebhookAnswer answer) implements Verdict {}

    static Verdict answer(int status, String message) {
        return new Answered(WebhookAnswer.of(status, message));
    }
}
