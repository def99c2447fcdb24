package org.ocpu.builder;

import java.time.Duration;

/** When a build, or another work, must be over, on the monotonic clock. */
final class Deadline {
    private final Duration limit;
    private final String what;
    private final String key;
    private final long end;

    private Deadline(Duration limit, String what, String key) {
        this.limit = limit;
        this.what = what;
        this.key = key;
        this.end = System.nanoTime() + limit.toNanos();
    }

    static Deadline in(Duration limit) {
        return in(limit, "the build", BuilderConfig.LIMIT_KEY);
    }

    /**
     * A deadline that says what it ended.
     *
     * @param key the setting of the limit
     */
    static Deadline in(Duration limit, String what, String key) {
        return new Deadline(limit, what, key);
    }

    /** Never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** So long, or what remains if that is less. */
    Duration atMost(Duration length) {
        Duration remaining = remaining();
        return length.compareTo(remaining) < 0 ? length : remaining;
    }

    boolean passed() {
        return remaining().isZero();
    }

    BuildFailure failure() {
        return new BuildFailure(
                "%s took longer than %d seconds (%s) and was ended".formatted(what, limit.toSeconds(), key));
    }
}
