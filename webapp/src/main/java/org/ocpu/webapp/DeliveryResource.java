package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.DeliveryView;

/** Deliveries to the webhook in the JSON API, for the admin who looks for a push that built nothing. */
final class DeliveryResource {
    private static final int LISTED = 50;
    private static final int MOST = 200;

    private final BuildService builds;

    DeliveryResource(BuildService builds) {
        this.builds = builds;
    }

    void list(Context ctx) {
        int limit = Parameters.of(ctx, "limit").limit(LISTED, MOST);
        ctx.json(builds.deliveries(limit).stream().map(DeliveryResource::json).toList());
    }

    private static Map<String, Object> json(DeliveryView delivery) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", delivery.id());
        json.put("receivedAt", delivery.receivedAt().toString());
        json.put("event", delivery.event());
        json.put("repository", delivery.repository());
        json.put("status", delivery.status());
        json.put("message", delivery.message());
        json.put("builds", delivery.builds());
        return json;
    }
}
