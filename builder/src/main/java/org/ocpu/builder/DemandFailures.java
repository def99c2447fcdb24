package org.ocpu.builder;

import java.time.Duration;
import java.util.Optional;

/** Packages that could not be installed on demand, each remembered for some time, so that not every request tries it again. */
final class DemandFailures {
    private final Duration time;
    private final Remembered<String, Failure> failures;

    /**
     * Why a package could not be installed, and when to try again.
     *
     * @param full whether requests may not have that many installed
     */
    record Failure(long run, String reason, boolean full, Deadline until) {}

    /**
     * @param most that are remembered
     * @param time how long
     */
    DemandFailures(int most, Duration time) {
        this.time = time;
        this.failures = new Remembered<>(most, time, System::nanoTime);
    }

    void remember(String name, long run, String reason, boolean full) {
        failures.put(name, new Failure(run, reason, full, Deadline.in(time)));
    }

    Optional<Failure> find(String name) {
        return failures.find(name);
    }
}
