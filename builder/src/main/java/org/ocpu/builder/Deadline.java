package org.ocpu.builder;

import java.time.Duration;

/** When a build must be over, on the monotonic clock. */
final class Deadline {
    private final Duration limit;
    private final long end;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    /** Never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    boolean passed() {
        return remaining().isZero();
    }

    BuildFailure failure() {
        return new BuildFailure("the build took longer than %d seconds (%s) and was ended"
                .formatted(limit.toSeconds(), BuilderConfig.LIMIT_KEY));
    }
}
