package org.ocpu.builder;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What is known of some keys for some time after it was last told; of too many keys the oldest are forgotten first. Thread-safe. */
final class Remembered<K, V> {
    private final int most;
    private final Duration time;
    private final LongSupplier clock;
    private final Map<K, Told<V>> oldestFirst = new LinkedHashMap<>();

    /** @param at on the clock */
    private record Told<V>(V value, long at) {}

    /**
     * @param most keys
     * @param time how long
     * @param clock nanoseconds
     */
    Remembered(int most, Duration time, LongSupplier clock) {
        this.most = most;
        this.time = time;
        this.clock = clock;
    }

    synchronized void put(K key, V value) {
        forgetOld();
        oldestFirst.remove(key); // so that it counts as the newest
        oldestFirst.put(key, new Told<>(value, clock.getAsLong()));
        if (oldestFirst.size() > most) {
            oldestFirst.remove(oldestFirst.keySet().iterator().next());
        }
    }

    synchronized Optional<V> find(K key) {
        forgetOld();
        return Optional.ofNullable(oldestFirst.get(key)).map(Told::value);
    }

    private void forgetOld() {
        Iterator<Told<V>> all = oldestFirst.values().iterator();
        while (all.hasNext() && clock.getAsLong() - all.next().at() >= time.toNanos()) {
            all.remove();
        }
    }
}
