package org.ocpu.webapp;

import io.javalin.http.Context;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.ocpu.app.Client;

/**
 * Counts the requests that hold a thread, of each client and in all, so that there is always a thread left: for those that ask how the
 * server is, which are let through, and for telling the others that there are too many. Clients that send or read slowly hold one as
 * long as they do; so does who waits for a worker.
 */
final class Crowd extends Handler.Wrapper {
    private static final String CLIENT = "org.ocpu.client";
    private static final Set<String> FREE = Set.of(Routes.HEALTH + "/live", Routes.HEALTH + "/ready");

    /** Requests of one client beyond those that run and wait for workers. */
    private static final int MORE_OF_ONE = 100;

    /** The same of all clients. */
    private static final int MORE = 400;

    /** Threads for Jetty's own work, and to refuse. */
    private static final int SPARE = 50;

    private static final int LEAST_THREADS = 8;
    private static final int IDLE_MILLIS = 60_000;

    private final int mostOfOne;
    private final int most;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<Client, Integer> ofOne = new ConcurrentHashMap<>();

    /** @param working requests that workers and their queue may hold */
    Crowd(int working) {
        this.mostOfOne = working + MORE_OF_ONE;
        this.most = working + MORE;
    }

    /** As many threads as that needs, where they are not virtual ones. */
    QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(most + SPARE, LEAST_THREADS, IDLE_MILLIS);
        threads.setName("http");
        return threads;
    }

    /** Who asks; an address that a trusted proxy told, or that of the connection. */
    static Client client(Context ctx) {
        return (Client) ctx.req().getAttribute(CLIENT);
    }

    /** Whether the health of the server is asked for, which is answered in any case. */
    static boolean isFree(String method, String path) {
        return FREE.contains(path) && (method.equals("GET") || method.equals("HEAD"));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        InetSocketAddress address =
                (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
        Client client = Client.of(address.getAddress());
        request.setAttribute(CLIENT, client);
        if (isFree(request.getMethod(), Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        int mine = ofOne.merge(client, 1, Integer::sum);
        int together = all.incrementAndGet();
        try {
            if (mine > mostOfOne || together > most) {
                refuse(response, mine > mostOfOne ? "of yours" : "of all clients", callback);
                return true;
            }
            return super.handle(request, response, callback);
        } finally {
            all.decrementAndGet();
            ofOne.computeIfPresent(client, (one, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Waits for nobody: the client may take its answer when it wants, or never. */
    private static void refuse(Response response, String whose, Callback callback) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1").put(HttpHeader.CONNECTION, "close");
        PlainErrors.write(
                response,
                "Too many requests " + whose + " are being answered at once. Try again in a moment.\n",
                callback);
    }
}
