package org.ocpu.webapp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Events that wait to be told to one client, so many at most: when there are more, the oldest is dropped, and an event {@code dropped}
 * says how many were. Thread-safe.
 */
final class EventQueue {
    private final int most;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private long dropped;
    private boolean closed;

    record Event(String name, Map<String, ?> data) {}

    EventQueue(int most) {
        this.most = most;
    }

    /** Returns at once. */
    synchronized void put(Event event) {
        if (closed) {
            return;
        }
        if (waiting.size() >= most) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.add(event);
        notifyAll();
    }

    /** The next event; nothing when none came in that time, or when this is closed. */
    synchronized Optional<Event> take(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; waiting.isEmpty() && !closed && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
        if (dropped > 0) {
            Event told = new Event("dropped", Map.of("events", dropped));
            dropped = 0;
            return Optional.of(told);
        }
        return Optional.ofNullable(waiting.poll());
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
        dropped = 0;
        notifyAll();
    }
}
