package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.ocpu.app.OverloadedException;

/** The memory that the larger bodies of all requests may take together, each until its request ends. Thread-safe. */
final class BodyBudget {
    private static final int UNIT = 1024;

    private final int total;
    private final Semaphore left;

    /** @param bytes for all together; one alone may have all of it, however large it is */
    BodyBudget(long bytes) {
        this.total = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / UNIT));
        this.left = new Semaphore(total);
    }

    /**
     * Takes memory until the request ends.
     *
     * @throws OverloadedException when other requests have it
     */
    void take(Context ctx, long bytes) {
        Runnable giveBack = take(bytes);
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(ctx.req()), failure -> giveBack.run());
    }

    /** What gives it back, to be run once. */
    Runnable take(long bytes) {
        int units = (int) Math.max(1, Math.min(total, bytes / UNIT));
        if (!left.tryAcquire(units)) {
            throw new OverloadedException(
                    "The server has no memory left for a body of this size: others send large ones. Try again in a moment.");
        }
        return () -> left.release(units);
    }
}
