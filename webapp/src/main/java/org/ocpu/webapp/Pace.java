package org.ocpu.webapp;

import java.time.Duration;

/** Whether something that goes on in pieces goes on fast enough, on average, once it had some time to begin. For one thread at a time. */
final class Pace {
    private final Duration start;
    private final long minRate;
    private long begin;
    private long bytes;
    private boolean begun;

    /** @param minRate in bytes a second, 0 for any */
    Pace(Duration start, long minRate) {
        this.start = start;
        this.minRate = minRate;
    }

    /** So much more has come or gone; the time counts from the first call. */
    void add(long more) {
        if (!begun) {
            begun = true;
            begin = System.nanoTime();
        }
        bytes += more;
    }

    boolean isTooSlow() {
        if (!begun || minRate == 0) {
            return false;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return seconds > start.toSeconds() + (double) bytes / minRate;
    }
}
