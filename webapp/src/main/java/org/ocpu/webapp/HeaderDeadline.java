package org.ocpu.webapp;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections over which the header of a request comes, but does not end in time. Jetty itself closes those over which
 * nothing comes, so a byte now and then would keep one for ever. Looks at all connections every now and then.
 */
final class HeaderDeadline extends AbstractLifeCycle {
    private static final int LOOKS = 4;

    private final ServerConnector connector;
    private final Duration limit;
    private Map<EndPoint, Progress> known = Map.of();
    private Scheduler.Task next;

    /**
     * @param requests whose headers have been received
     * @param bytes received
     * @param since when the first of them came that belongs to no request yet; 0 when there is none
     */
    private record Progress(long requests, long bytes, long since) {}

    HeaderDeadline(ServerConnector connector, Duration limit) {
        this.connector = connector;
        this.limit = limit;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected void doStop() {
        next.cancel();
    }

    private void schedule() {
        next = connector.getScheduler().schedule(this::look, limit.toMillis() / LOOKS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        Map<EndPoint, Progress> seen = new HashMap<>();
        for (EndPoint client : connector.getConnectedEndPoints()) {
            Connection connection = http(client.getConnection());
            // Whoever waits for an answer, or is being sent one, has no deadline here.
            if (connection != null && connection.getMessagesIn() <= connection.getMessagesOut()) {
                Progress progress = progress(
                        known.get(client), connection, client.getConnection().getBytesIn(), now);
                if (progress.since() != 0 && now - progress.since() > limit.toNanos()) {
                    client.close();
                } else {
                    seen.put(client, progress);
                }
            }
        }
        known = seen;
        if (isRunning()) {
            schedule();
        }
    }

    /** With TLS, what is in it: it alone knows of requests. */
    private static Connection http(Connection connection) {
        return connection instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : connection;
    }

    private static Progress progress(Progress before, Connection connection, long bytes, long now) {
        long requests = connection.getMessagesIn();
        if (before != null && before.requests() == requests) {
            boolean begun = before.since() == 0 && bytes > before.bytes();
            return new Progress(requests, bytes, begun ? now : before.since());
        }
        return new Progress(requests, bytes, requests == 0 && bytes > 0 ? now : 0);
    }
}
