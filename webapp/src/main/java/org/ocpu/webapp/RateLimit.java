package org.ocpu.webapp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.ocpu.app.Client;

/**
 * Lets each client ask {@code rate.limit} times a second, and {@code rate.burst} times at once after a pause: a token bucket for each.
 * Only so many clients are remembered; who was not seen lately starts with a full bucket. Thread-safe.
 */
final class RateLimit {
    private static final int CLIENTS = 100_000;
    private static final double SECOND = 1e9;

    private final int rate;
    private final int burst;
    private final LongSupplier clock;
    private final Cache<Client, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(CLIENTS).build();

    /** @param rate requests a second; 0 for any number */
    RateLimit(int rate, int burst) {
        this(rate, burst, System::nanoTime);
    }

    /** @param clock nanoseconds since any moment */
    RateLimit(int rate, int burst, LongSupplier clock) {
        this.rate = rate;
        this.burst = burst;
        this.clock = clock;
    }

    private final class Bucket {
        private double tokens = burst;
        private long filled = clock.getAsLong();

        /** Takes a token; the seconds until there is one, if there is none. */
        synchronized double take() {
            long now = clock.getAsLong();
            tokens = Math.min(burst, tokens + rate * ((now - filled) / SECOND));
            filled = now;
            if (tokens >= 1) {
                tokens--;
                return 0;
            }
            return (1 - tokens) / rate;
        }
    }

    /** @throws TooManyRequestsException when the client has to pause */
    void check(Client client) {
        double pause =
                rate == 0 ? 0 : buckets.get(client, added -> new Bucket()).take();
        if (pause > 0) {
            throw new TooManyRequestsException(
                    "You ask too often: this server takes %d requests a second of one client (rate.limit), and %d at once (rate.burst)."
                            .formatted(rate, burst),
                    Duration.ofSeconds(Math.max(1, (long) Math.ceil(pause))));
        }
    }
}
