package org.ocpu.webapp;

import java.time.Duration;

/** A client asks faster than {@code rate.limit} allows. */
final class TooManyRequestsException extends WebappException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    TooManyRequestsException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
