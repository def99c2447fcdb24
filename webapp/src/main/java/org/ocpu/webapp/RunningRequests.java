package org.ocpu.webapp;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.ocpu.app.OverloadedException;

/**
 * Counts the requests that are being answered, so that a server that is to stop can wait for them. Streams of events do not count:
 * they end when their clients want, or the server does.
 */
final class RunningRequests extends Handler.Wrapper {
    private int running;
    private boolean draining;

    RunningRequests(Handler.Singleton next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Routes.isEvents(request)) {
            return super.handle(request, response, callback);
        }
        add(1);
        boolean handled = false;
        try {
            handled = super.handle(request, response, Callback.from(callback, () -> add(-1)));
            return handled;
        } finally {
            if (!handled) {
                add(-1);
            }
        }
    }

    /** How many run. */
    synchronized int running() {
        return running;
    }

    private synchronized void add(int change) {
        running += change;
        notifyAll();
    }

    /** From now on requests are refused by {@link #refuseWhenDraining}; how many run on. */
    synchronized int drain() {
        draining = true;
        return running;
    }

    /**
     * To be asked before a request is handled that is not to be taken to the end.
     *
     * @throws OverloadedException when the server is to stop
     */
    synchronized void refuseWhenDraining(Context ctx) {
        if (draining) {
            ctx.header("Connection", "close");
            throw new OverloadedException("The server is shutting down.");
        }
    }

    /** Waits until none runs, at most so long. */
    synchronized void await(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); running > 0 && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
