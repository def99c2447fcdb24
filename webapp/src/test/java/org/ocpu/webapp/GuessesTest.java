package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import io.javalin.http.HttpResponseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ocpu.app.OverloadedException;

/** Which addresses count as one, and what counts. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class GuessesTest {
    private final Guesses guesses = new Guesses(Ticker.systemTicker());

    @Test
    void anIpv6NetworkIsOneAddress() {
        assertEquals(Guesses.network("2001:db8:1:2::1"), Guesses.network("2001:db8:1:2:ffff::2"));
        assertEquals(false, Guesses.network("2001:db8:1:2::1").equals(Guesses.network("2001:db8:1:3::1")));
        assertEquals(false, Guesses.network("10.0.0.1").equals(Guesses.network("10.0.0.2")));
    }

    @Test
    void afterTenWrongOnesTheRightOneIsRefused() {
        for (int n = 0; n < Guesses.MOST; n++) {
            assertFalse(guesses.check("10.0.0.1", () -> false));
        }
        assertThrows(HttpResponseException.class, () -> guesses.check("10.0.0.1", () -> true));
        assertTrue(guesses.check("10.0.0.2", () -> true));
    }

    @Test
    void aCheckThatCouldNotBeMadeCountsForNothing() {
        for (int n = 0; n < 3 * Guesses.MOST; n++) {
            assertThrows(
                    OverloadedException.class,
                    () -> guesses.check("10.0.0.1", () -> {
                        throw new OverloadedException("busy");
                    }));
        }
        assertTrue(guesses.check("10.0.0.1", () -> true));
    }

    @Test
    void manyRightOnesAtOnceAreAllLetIn() throws InterruptedException {
        ExecutorService clients = Executors.newCachedThreadPool();
        CountDownLatch full = new CountDownLatch(Guesses.MOST);
        CountDownLatch known = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> checks = new ArrayList<>();
        for (int n = 0; n < 3 * Guesses.MOST; n++) {
            checks.add(CompletableFuture.supplyAsync(
                    () -> guesses.check("10.0.0.1", () -> {
                        full.countDown();
                        return awaited(known);
                    }),
                    clients));
        }
        full.await();
        known.countDown();
        checks.forEach(check -> assertTrue(check.join()));
        clients.shutdown();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
