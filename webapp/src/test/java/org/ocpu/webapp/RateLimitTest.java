package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.ocpu.app.Client;

class RateLimitTest {
    private static final Client ONE = new Client("one");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // clocks may overflow
    private final RateLimit limit = new RateLimit(2, 3, now::get);

    private TooManyRequestsException refused() {
        return assertThrows(TooManyRequestsException.class, () -> limit.check(ONE));
    }

    @Test
    void afterItsBurstAClientIsHeldToTheRate() {
        for (int i = 0; i < 3; i++) {
            limit.check(ONE);
        }
        TooManyRequestsException refused = refused();
        assertEquals(Duration.ofSeconds(1), refused.retryAfter());
        assertTrue(refused.getMessage().contains("rate.limit")
                && refused.getMessage().contains("rate.burst"));
        limit.check(new Client("other"));
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        limit.check(ONE);
        refused();
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        for (int i = 0; i < 3; i++) {
            limit.check(ONE);
        }
        refused();
    }

    @Test
    void withoutALimitAnyNumberPasses() {
        RateLimit none = new RateLimit(0, 0, now::get);
        for (int i = 0; i < 1000; i++) {
            none.check(ONE);
        }
    }
}
