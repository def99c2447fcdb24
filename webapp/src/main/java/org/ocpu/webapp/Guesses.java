package org.ocpu.webapp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ocpu.app.OverloadedException;

/**
 * Bounds how often an address may be wrong about a secret: after {@value #MOST} times within a minute whatever comes from there is
 * refused until the minute is over, also what would be right. An IPv6 network counts as one address, since whoever has one has all
 * of it. The newest {@value #ADDRESSES} addresses are remembered.
 */
final class Guesses {
    static final int MOST = 10;
    private static final int ADDRESSES = 10_000;
    private static final int NETWORK = 8;
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int TOO_MANY = 429;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cache<String, Count> made;

    /** What came from one address: each check that is under way may turn out to be one more that was wrong. */
    private static final class Count {
        private int wrong;
        private int underWay;

        /** Waits while that is not known; false when too many were wrong, or for long too many were under way. */
        synchronized boolean begin() throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (long left = PATIENCE.toNanos();
                    wrong < MOST && wrong + underWay >= MOST && left > 0;
                    left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            boolean may = wrong + underWay < MOST;
            underWay += may ? 1 : 0;
            return may;
        }

        synchronized void end(boolean wasWrong) {
            underWay--;
            wrong += wasWrong ? 1 : 0;
            notifyAll();
        }
    }

    Guesses(Ticker clock) {
        this.made = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(ADDRESSES)
                .expireAfterWrite(PAUSE)
                .build();
    }

    /** What a check of a secret tells, unless too many before told that the secret was wrong. */
    boolean check(Context ctx, Supplier<Boolean> right) {
        try {
            return check(ctx.ip(), right);
        } catch (HttpResponseException e) {
            ctx.header("Retry-After", Long.toString(PAUSE.toSeconds()));
            throw e;
        }
    }

    /** A check that ends without telling counts for nothing. */
    boolean check(String address, Supplier<Boolean> right) {
        Count count = made.get(network(address), key -> new Count());
        if (!begun(count)) {
            throw new HttpResponseException(
                    TOO_MANY,
                    "Too many wrong passwords or tokens came from this address. Try again in a minute, with the right one.");
        }
        boolean wrong = false;
        try {
            boolean is = right.get();
            wrong = !is;
            return is;
        } finally {
            count.end(wrong);
        }
    }

    private static boolean begun(Count count) {
        try {
            return count.begin();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverloadedException("The server is shutting down.");
        }
    }

    static String network(String address) {
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress(); // a literal: nothing is looked up
            return HexFormat.of().formatHex(bytes.length > NETWORK ? Arrays.copyOf(bytes, NETWORK) : bytes);
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
