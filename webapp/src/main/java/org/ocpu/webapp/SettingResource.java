package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings in force, in the JSON API. */
final class SettingResource {
    private final List<SettingView> settings;

    SettingResource(List<SettingView> settings) {
        this.settings = settings;
    }

    void list(Context ctx) {
        ctx.json(settings.stream().map(SettingResource::json).toList());
    }

    private static Map<String, Object> json(SettingView setting) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", setting.key());
        setting.value().ifPresent(value -> json.put("value", value));
        setting.usual().ifPresent(value -> json.put("default", value));
        json.put("origin", setting.origin());
        setting.line().ifPresent(line -> json.put("line", line));
        json.put("secret", setting.secret());
        return json;
    }
}
