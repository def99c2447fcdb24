package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** What takes the disk, in the JSON API. */
final class StorageResource {
    private final Storage storage;

    StorageResource(Storage storage) {
        this.storage = storage;
    }

    void show(Context ctx) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("parts", storage.parts().stream().map(Storage.Part::json).toList());
        json.put("owners", storage.owners().stream().map(Storage.Owner::json).toList());
        ctx.json(json);
    }
}
