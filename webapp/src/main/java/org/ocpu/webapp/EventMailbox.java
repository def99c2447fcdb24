package org.ocpu.webapp;

import io.javalin.http.sse.SseClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ocpu.app.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one client of a stream of events that has no end, until the client is gone or may not know any more; used once.
 *
 * <p>A thread of its own tells, so a client that is slow holds up nobody. What it is still to be told is bounded: the oldest is dropped
 * then, and an event {@code dropped} says how many. In silence it sends a comment now and then, which keeps proxies from hanging up and
 * shows whether the client is still there.
 */
final class EventMailbox {
    private static final Logger LOG = LoggerFactory.getLogger(EventMailbox.class);
    private static final long SILENCE_MILLIS = 15_000;

    private final SseClient client;
    private final BooleanSupplier allowed;
    private final int most;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private Runnable atEnd = () -> {};
    private long dropped;
    private boolean gone;

    private record Event(String name, Map<String, ?> data) {}

    /**
     * @param allowed whether the client may still know
     * @param most events that may wait for it
     */
    EventMailbox(SseClient client, BooleanSupplier allowed, int most) {
        this.client = client;
        this.allowed = allowed;
        this.most = most;
    }

    /** Begins to tell; what was {@link #put} before is told first. */
    void open() {
        client.keepAlive();
        client.onClose(this::close);
        DaemonThreads.named("events").newThread(this::tell).start();
    }

    /** Returns at once. */
    synchronized void put(String event, Map<String, ?> data) {
        if (gone) {
            return;
        }
        if (waiting.size() >= most) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.add(new Event(event, data));
        notifyAll();
    }

    /** To be run once when there is nobody to tell any more; now, if so. */
    void whenClosed(Runnable action) {
        synchronized (this) {
            if (!gone) {
                atEnd = action;
                return;
            }
        }
        action.run();
    }

    private void close() {
        Runnable action;
        synchronized (this) {
            gone = true;
            notifyAll();
            action = atEnd;
            atEnd = () -> {};
        }
        action.run();
    }

    private void tell() {
        try {
            Optional<Event> next = next();
            while (!client.terminated() && allowed.getAsBoolean()) {
                next.ifPresentOrElse(
                        event -> client.sendEvent(event.name(), event.data()), () -> client.sendComment(""));
                next = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // a client that has gone in the middle of an event
            LOG.debug("Telling of events ended", e);
        } finally {
            client.close();
            close();
        }
    }

    /** Waits for something to tell, but not too long. */
    private synchronized Optional<Event> next() throws InterruptedException {
        long until = System.nanoTime() + SILENCE_MILLIS * 1_000_000;
        long left = SILENCE_MILLIS;
        while (waiting.isEmpty() && !gone && left > 0) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
        if (dropped > 0) {
            Event told = new Event("dropped", Map.of("events", dropped));
            dropped = 0;
            return Optional.of(told);
        }
        return Optional.ofNullable(waiting.poll());
    }
}
