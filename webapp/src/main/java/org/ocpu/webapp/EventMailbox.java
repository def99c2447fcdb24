package org.ocpu.webapp;

import io.javalin.http.sse.SseClient;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.ocpu.app.DaemonThreads;
import org.ocpu.webapp.EventQueue.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one client of a stream of events that has no end, until the client is gone or may not know any more; used once.
 *
 * <p>A thread of its own tells, so a client that is slow holds up nobody. In silence it sends a comment now and then, which keeps
 * proxies from hanging up and shows whether the client is still there.
 */
final class EventMailbox {
    private static final Logger LOG = LoggerFactory.getLogger(EventMailbox.class);
    private static final long SILENCE_MILLIS = 15_000;

    private final SseClient client;
    private final BooleanSupplier allowed;
    private final EventQueue events;
    private Runnable atEnd = () -> {};
    private boolean gone;

    /** Whether the request has ended, by whatever: nothing of it is to be touched then. */
    private volatile boolean over;

    /**
     * @param allowed whether the client may still know
     * @param most events that may wait for it
     */
    EventMailbox(SseClient client, BooleanSupplier allowed, int most) {
        this.client = client;
        this.allowed = allowed;
        this.events = new EventQueue(most);
    }

    /** Begins to tell; what was {@link #put} before is told first. */
    void open() {
        client.keepAlive();
        client.onClose(this::close);
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(client.ctx().req()), failure -> {
                    over = true;
                    close();
                });
        DaemonThreads.named("events").newThread(this::tell).start();
    }

    /** Returns at once. */
    void put(String event, Map<String, ?> data) {
        events.put(new Event(event, data));
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
            action = atEnd;
            atEnd = () -> {};
        }
        events.close();
        action.run();
    }

    private void tell() {
        try {
            Optional<Event> next = events.take(SILENCE_MILLIS);
            while (!over && !client.terminated() && allowed.getAsBoolean()) {
                next.ifPresentOrElse(
                        event -> client.sendEvent(event.name(), event.data()), () -> client.sendComment(""));
                next = events.take(SILENCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // a client that has gone in the middle of an event
            LOG.debug("Telling of events ended", e);
        } finally {
            if (!over) {
                client.close();
            }
            close();
        }
    }
}
