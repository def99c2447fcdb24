package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ocpu.app.EngineView;
import org.ocpu.app.RpcService;

/** R engines in the JSON API. */
final class EngineResource {
    private final RpcService rpc;

    EngineResource(RpcService rpc) {
        this.rpc = rpc;
    }

    void list(Context ctx) {
        ctx.json(rpc.engines().engines().stream().map(EngineResource::json).toList());
    }

    /** 202, since requests that use it go on. */
    void end(Context ctx) {
        String id = ctx.pathParam("id");
        rpc.endEngine(id);
        ctx.status(202).json(Map.of("id", id, "state", "ending"));
    }

    private static Map<String, Object> json(EngineView engine) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", engine.id());
        json.put("package", engine.packageName());
        json.put("place", engine.place());
        json.put("state", engine.running() > 0 ? "busy" : "idle");
        json.put("startedAt", engine.since().toString());
        engine.lastUsed().ifPresent(at -> json.put("lastUsedAt", at.toString()));
        json.put("running", engine.running());
        json.put("idle", engine.idle());
        json.put("memory", engine.memory());
        json.put("loaded", engine.loaded());
        return json;
    }
}
