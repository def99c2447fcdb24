package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.ocpu.app.Client;
import org.ocpu.app.OverloadedException;

/**
 * The memory that the larger bodies of all requests may take together, each until its request ends. One client has half of it while
 * no other needs any, and else a third; but a single body of it may have all that is free. Thread-safe.
 */
final class BodyBudget {
    private final long total;
    private final Map<Client, Long> ofOne = new HashMap<>();
    private long used;

    /** @param bytes for all together; one alone may have all of it, however large it is */
    BodyBudget(long bytes) {
        this.total = bytes;
    }

    /** What one body has. Given back when it is closed, once. */
    final class Share implements AutoCloseable {
        private final Client client;
        private long bytes;

        private Share(Client client) {
            this.client = client;
        }

        /**
         * Takes as much more as there is to be.
         *
         * @throws OverloadedException when other bodies have it; what was taken before remains
         */
        void grow(long to) {
            synchronized (BodyBudget.this) {
                if (!fits(to - bytes)) {
                    throw new OverloadedException(
                            "The server has no memory left for a body of this size: others, or more of yours, are large, too."
                                    + " Try again in a moment.");
                }
                add(to - bytes);
            }
        }

        private boolean fits(long more) {
            if (used == bytes) {
                return true;
            }
            long mine = ofOne.getOrDefault(client, 0L);
            long most = used == mine ? total / 2 : total / 3;
            return used + more <= total && (mine == bytes || mine + more <= most);
        }

        private void add(long more) {
            bytes += more;
            used += more;
            ofOne.merge(client, more, Long::sum);
            ofOne.remove(client, 0L);
        }

        @Override
        public void close() {
            synchronized (BodyBudget.this) {
                add(-bytes);
            }
        }
    }

    /** What a request's body has until the request ends. */
    Share share(Context ctx) {
        Share share = share(Crowd.client(ctx));
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(ctx.req()), failure -> share.close());
        return share;
    }

    Share share(Client client) {
        return new Share(client);
    }
}
