package org.ocpu.mailer;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a mail of the outbox stands.
 *
 * @param attempts deliveries tried so far
 * @param detail the last thing to tell: why it waits or failed, or which recipients were refused; empty when there is
 *     nothing
 * @param nextAttempt when it is tried again; only while {@link State#WAITING}
 */
public record MailStatus(State state, int attempts, String detail, Optional<Instant> nextAttempt) {

    /** The states of a mail; the last two are final. */
    public enum State {
        /** No SMTP server is configured; the mail lies in the outbox as a file. */
        KEPT,
        /** It will be tried, now or at {@link MailStatus#nextAttempt()}. */
        WAITING,
        /** The SMTP server took it. */
        SENT,
        /** The SMTP server refused it for good, or the time to retry is over. */
        FAILED
    }

    public MailStatus {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(nextAttempt, "nextAttempt");
        if (attempts < 0) {
            throw new IllegalArgumentException("negative attempts: " + attempts);
        }
    }
}
