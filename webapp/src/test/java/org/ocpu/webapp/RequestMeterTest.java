package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMeterTest {
    private final RequestMeter meter = new RequestMeter(null);

    private void count(int many, int status, Duration time) {
        for (int i = 0; i < many; i++) {
            meter.count(status, time.toNanos());
        }
    }

    private static void assertNear(Duration expected, long micros) {
        double apart = Math.abs(micros * 1000.0 / expected.toNanos() - 1);
        assertTrue(apart < 0.01, expected + " and " + micros + " microseconds");
    }

    @Test
    void requestsAreCountedByWhatTheyWereAnswered() {
        count(5, 200, Duration.ofMillis(1));
        count(4, 304, Duration.ofMillis(1));
        count(3, 404, Duration.ofMillis(1));
        count(2, 500, Duration.ofMillis(1));
        count(1, 503, Duration.ofMillis(1));
        RequestMeter.Counts counts = meter.take();
        assertEquals(
                List.of(5L, 4L, 3L, 2L, 1L),
                List.of(counts.succeeded(), counts.redirected(), counts.refused(), counts.failed(), counts.busy()));
        assertEquals(15, counts.all());
        assertEquals(0, meter.take().all(), "each is counted once");
    }

    @Test
    void theMedianAndTheSlowOnesAreToldApart() {
        count(97, 200, Duration.ofMillis(4));
        count(2, 200, Duration.ofMillis(250));
        count(1, 200, Duration.ofSeconds(9));
        RequestMeter.Counts counts = meter.take();
        assertNear(Duration.ofMillis(4), counts.medianMicros());
        assertNear(Duration.ofMillis(250), counts.slowMicros());
        assertNear(Duration.ofSeconds(9), counts.slowestMicros());
        count(1, 200, Duration.ofMillis(7));
        assertNear(Duration.ofMillis(7), meter.take().slowestMicros());
    }

    @Test
    void whatTookLongerThanAnHourOrNoTimeAtAllCountsToo() {
        count(1, 200, Duration.ofDays(1));
        count(1, 0, Duration.ZERO);
        assertEquals(2, meter.take().all());
    }

    @Test
    void noneIsLostWhenManyCountAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> count(10_000, 200, Duration.ofMillis(1))));
        }
        threads.forEach(Thread::start);
        long seen = 0;
        while (threads.stream().anyMatch(Thread::isAlive)) {
            seen += meter.take().all();
        }
        assertEquals(80_000, seen + meter.take().all());
    }
}
