package org.ocpu.webapp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.VersionView;

/** A hosted app as API clients get it; times in ISO 8601, sizes in bytes, and only what there is. */
final class AppJson {
    private AppJson() {}

    /** With its live version. */
    static Map<String, Object> brief(AppView app, String root) {
        AppName name = app.name();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("app", name.toString());
        json.put("owner", name.owner());
        json.put("repo", name.repo());
        name.part().ifPresent(part -> json.put("part", part));
        name.preview().ifPresent(preview -> json.put("preview", preview));
        json.put("url", root + "/apps/" + name + "/");
        json.put("package", app.packageName());
        json.put("title", app.title());
        json.put("live", version(app.live()));
        json.put("bytes", app.bytes());
        return json;
    }

    /** With all its versions. */
    static Map<String, Object> whole(AppView app, String root) {
        Map<String, Object> json = brief(app, root);
        json.put("versions", app.versions().stream().map(AppJson::version).toList());
        return json;
    }

    private static Map<String, Object> version(VersionView version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("build", version.build());
        json.put("version", version.version());
        json.put("commit", version.commit());
        json.put("ref", version.ref());
        json.put("publishedAt", version.publishedAt().toString());
        json.put("live", version.live());
        json.put("bytes", version.bytes());
        return json;
    }
}
