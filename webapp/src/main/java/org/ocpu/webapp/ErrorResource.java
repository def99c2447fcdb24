package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** The last errors that nobody expected, in the JSON API. */
final class ErrorResource {
    private final KeptErrors errors;

    ErrorResource(KeptErrors errors) {
        this.errors = errors;
    }

    void list(Context ctx) {
        ctx.json(errors.newestFirst().stream().map(ErrorResource::json).toList());
    }

    void show(Context ctx) {
        String id = ctx.pathParam("id");
        KeptErrors.KeptError error = errors.find(id)
                .orElseThrow(() -> new NotFoundResponse("No error " + id + " is among the last " + KeptErrors.MOST
                        + " since this server started. Older ones are in its log."));
        Map<String, Object> json = json(error);
        json.put("trace", error.trace());
        ctx.json(json);
    }

    private static Map<String, Object> json(KeptErrors.KeptError error) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", error.id());
        json.put("at", error.at().toString());
        json.put("method", error.method());
        json.put("path", error.path());
        json.put("type", error.type());
        json.put("message", error.message());
        return json;
    }
}
