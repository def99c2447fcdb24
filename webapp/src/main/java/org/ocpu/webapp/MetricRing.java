package org.ocpu.webapp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The points of the last hour. Thread-safe. */
final class MetricRing {
    /** From one point to the next. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    static final Duration KEPT = Duration.ofHours(1);

    private final Deque<MetricPoint> points = new ArrayDeque<>();

    /** @param point newer than all others */
    synchronized void add(MetricPoint point) {
        points.add(point);
        forget(point.at());
    }

    private void forget(Instant now) {
        while (points.getFirst().at().isBefore(now.minus(KEPT))) {
            points.removeFirst();
        }
    }

    /** Oldest first; there is none for a time when the server, or its machine, was not awake. */
    synchronized List<MetricPoint> points() {
        return List.copyOf(points);
    }
}
