package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ocpu.app.SessionConfig;
import org.ocpu.app.SessionCount;

/** What takes the disk, in the JSON API. */
final class StorageResource {
    private final Storage storage;

    StorageResource(Storage storage) {
        this.storage = storage;
    }

    /** Sessions by what made them. */
    void sessions(Context ctx) {
        List<SessionCount> counts = storage.sessions();
        SessionConfig limits = storage.limits();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("made", counts.stream().mapToLong(SessionCount::made).sum());
        json.put("kept", counts.stream().mapToLong(SessionCount::kept).sum());
        json.put("bytes", counts.stream().mapToLong(SessionCount::bytes).sum());
        json.put(
                "limits",
                Map.of("maxAge", limits.maxAge().toSeconds(), "space", limits.space(), "size", limits.size()));
        json.put("places", counts.stream().map(StorageResource::json).toList());
        ctx.json(json);
    }

    private static Map<String, Object> json(SessionCount count) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("place", count.place());
        json.put("made", count.made());
        json.put("kept", count.kept());
        json.put("bytes", count.bytes());
        return json;
    }

    void show(Context ctx) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("parts", storage.parts().stream().map(Storage.Part::json).toList());
        json.put("owners", storage.owners().stream().map(Storage.Owner::json).toList());
        ctx.json(json);
    }
}
