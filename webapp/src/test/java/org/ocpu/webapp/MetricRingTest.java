package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ocpu.app.WorkerLoad;

class MetricRingTest {
    private static final Instant BEGIN = Instant.parse("2026-01-02T12:00:00Z");

    private final MetricRing ring = new MetricRing();

    private static MetricPoint point(Duration after, long requests) {
        RequestMeter.Counts counts = new RequestMeter.Counts(requests, 0, 0, 0, 0, 0, 0, 0);
        return new MetricPoint(
                BEGIN.plus(after), 10, counts, new WorkerLoad(1, 4, 0, 16, 1), new MetricPoint.Memory(1, 2, 3, 4));
    }

    private List<Long> seconds() {
        return ring.points().stream()
                .map(point -> Duration.between(BEGIN, point.at()).toSeconds())
                .toList();
    }

    @Test
    void anHourIsKept() {
        for (int i = 0; i < 1000; i++) {
            ring.add(point(MetricRing.INTERVAL.multipliedBy(i), i));
        }
        assertEquals(361, ring.points().size());
        assertEquals(9_990L - 3_600L, seconds().get(0));
        assertEquals(999, ring.points().get(360).requests().succeeded());
    }

    @Test
    void aTimeWhenTheServerDidNotRunHasNoPoints() {
        ring.add(point(Duration.ofSeconds(10), 1));
        ring.add(point(Duration.ofMinutes(30), 1));
        assertEquals(List.of(10L, 1800L), seconds());
        ring.add(point(Duration.ofHours(5), 1));
        assertEquals(List.of(18_000L), seconds());
    }

    @Test
    void withoutRequestsThereIsNoLatency() {
        assertFalse(point(Duration.ZERO, 0).json().containsKey("latency"));
        assertEquals(
                "{p50=0.0, p99=0.0, max=0.0}",
                point(Duration.ZERO, 1).json().get("latency").toString());
    }
}
