package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the server does and did, in the JSON API. */
final class StatusResource {
    /** Events that may wait for one client: more than a minute of them. */
    private static final int MOST = 100;

    private final Metrics metrics;
    private final AdminGuard admin;

    StatusResource(Metrics metrics, AdminGuard admin) {
        this.metrics = metrics;
        this.admin = admin;
    }

    void now(Context ctx) {
        ctx.json(metrics.status().json());
    }

    /** The last hour. */
    void hour(Context ctx) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("interval", MetricRing.INTERVAL.toSeconds());
        json.put("kept", MetricRing.KEPT.toSeconds());
        json.put("points", metrics.points().stream().map(MetricPoint::json).toList());
        ctx.json(json);
    }

    /** {@code status} at once and each second, {@code point} each time there is a new one. */
    void events(SseClient client) {
        EventMailbox mailbox = new EventMailbox(client, admin.stays(client.ctx()), MOST);
        mailbox.put("status", metrics.status().json());
        metrics.listeners().add(mailbox);
        mailbox.open();
    }
}
