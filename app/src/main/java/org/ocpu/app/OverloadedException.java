package org.ocpu.app;

import java.time.Duration;

/** Every worker is busy and the queue is full: try again in a moment. */
public final class OverloadedException extends RpcException {
    private static final long serialVersionUID = 2L;

    private final Duration retryAfter;

    public OverloadedException(String message) {
        this(message, Duration.ofSeconds(1));
    }

    /** @param retryAfter when it is worth trying again */
    public OverloadedException(String message, Duration retryAfter) {
        super(message, false); // many come at a time, and they tell of no fault
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
