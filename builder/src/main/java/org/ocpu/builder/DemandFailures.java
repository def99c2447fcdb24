package org.ocpu.builder;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Packages that could not be installed on demand, each remembered for some time, so that not every request tries it again. Of too many the
 * oldest are forgotten first. Not thread-safe.
 */
final class DemandFailures {
    private final int most;
    private final Duration time;
    private final Map<String, Failure> oldestFirst = new LinkedHashMap<>();

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
        this.most = most;
        this.time = time;
    }

    void remember(String name, long run, String reason, boolean full) {
        forgetOld();
        oldestFirst.remove(name);
        oldestFirst.put(name, new Failure(run, reason, full, Deadline.in(time)));
        if (oldestFirst.size() > most) {
            oldestFirst.remove(oldestFirst.keySet().iterator().next());
        }
    }

    Optional<Failure> find(String name) {
        forgetOld();
        return Optional.ofNullable(oldestFirst.get(name));
    }

    private void forgetOld() {
        Iterator<Failure> failures = oldestFirst.values().iterator();
        while (failures.hasNext() && failures.next().until().passed()) {
            failures.remove();
        }
    }
}
