package org.ocpu.builder;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a request for a package that its library does not have.
 *
 * @param run the run that installs it
 * @param message for people
 * @param retryAfter when to ask again, where that helps
 */
public record Demand(Kind kind, Optional<Long> run, String message, Optional<Duration> retryAfter) {
    /** What there is to say. */
    public enum Kind {
        /** It is there by now. */
        INSTALLED,
        /** The repositories do not have it, or packages are not installed on demand. */
        UNKNOWN,
        /** A run will install it or is at it. */
        PENDING,
        /** What the repositories have is being asked, or will be soon. */
        ASKING,
        /** It could not be installed, and is not tried again soon. */
        FAILED,
        /** There is too much of that at the moment. */
        BUSY,
        /** Requests may not have more installed. */
        FULL
    }

    static Demand installed(String message) {
        return new Demand(Kind.INSTALLED, Optional.empty(), message, Optional.of(Duration.ofSeconds(1)));
    }

    static Demand unknown(String message) {
        return new Demand(Kind.UNKNOWN, Optional.empty(), message, Optional.empty());
    }

    static Demand pending(long run, String message, Duration retryAfter) {
        return new Demand(Kind.PENDING, Optional.of(run), message, Optional.of(retryAfter));
    }

    /** @param pause until that happens; nothing when it does already */
    static Demand asking(String message, Optional<Duration> pause) {
        return new Demand(Kind.ASKING, Optional.empty(), message, Optional.of(pause.orElse(Duration.ofSeconds(5))));
    }

    static Demand failed(Optional<Long> run, String message, Duration retryAfter) {
        return new Demand(Kind.FAILED, run, message, Optional.of(retryAfter));
    }

    static Demand busy(String message) {
        return new Demand(Kind.BUSY, Optional.empty(), message, Optional.of(Duration.ofSeconds(30)));
    }

    /** @param run that found it out */
    static Demand full(Optional<Long> run, String message) {
        return new Demand(Kind.FULL, run, message, Optional.empty());
    }

    /** Whether it is worth waiting for. */
    public boolean unsettled() {
        return kind == Kind.PENDING || kind == Kind.ASKING;
    }
}
