package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.ocpu.app.Client;
import org.ocpu.app.OverloadedException;

/** Counts the streams of events that each client has, which last as long as it wants and hold a thread each. Thread-safe. */
final class StreamLimit {
    static final int MOST = 50;

    private final Map<Client, Integer> ofOne = new HashMap<>();

    /**
     * Counts one that is to begin, until its request ends.
     *
     * @throws OverloadedException when the client has too many
     */
    void add(Context ctx) {
        Client client = Crowd.client(ctx);
        if (!add(client)) {
            throw new OverloadedException(
                    "You have " + MOST + " streams of events, the most that one client may have.");
        }
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(ctx.req()), failure -> remove(client));
    }

    private synchronized boolean add(Client client) {
        int now = ofOne.getOrDefault(client, 0);
        if (now < MOST) {
            ofOne.put(client, now + 1);
        }
        return now < MOST;
    }

    private synchronized void remove(Client client) {
        ofOne.computeIfPresent(client, (one, count) -> count == 1 ? null : count - 1);
    }
}
