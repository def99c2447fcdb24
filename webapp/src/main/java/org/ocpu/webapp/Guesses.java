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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

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

    private final Cache<String, AtomicInteger> made;

    Guesses(Ticker clock) {
        this.made = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(ADDRESSES)
                .expireAfterWrite(PAUSE)
                .build();
    }

    /**
     * What a check of a secret tells, unless too many before told that the secret was wrong.
     *
     * @param right the check; every one under way counts until it turns out to be right
     */
    boolean check(Context ctx, Supplier<Boolean> right) {
        String who = network(ctx.ip());
        AtomicInteger count = made.get(who, key -> new AtomicInteger());
        if (count.incrementAndGet() > MOST) {
            ctx.header("Retry-After", Long.toString(PAUSE.toSeconds()));
            throw new HttpResponseException(
                    TOO_MANY,
                    "Too many wrong passwords or tokens came from this address. Try again in a minute, with the right one.");
        }
        boolean is = right.get();
        if (is) {
            count.decrementAndGet();
        }
        return is;
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
