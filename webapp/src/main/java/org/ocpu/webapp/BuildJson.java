package org.ocpu.webapp;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;

/** A build as API clients get it: times in ISO 8601, states in lower case, and only what there is. */
final class BuildJson {
    private BuildJson() {}

    static Map<String, Object> of(BuildView build) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("build", build.id());
        json.put("url", "/builds/" + build.id());
        json.put("owner", build.app().owner());
        json.put("repo", build.app().repo());
        json.put("app", build.app().toString());
        json.put("commit", build.commit());
        json.put("ref", build.ref());
        json.put("branch", build.branch());
        json.put("pusher", build.pusher());
        json.put("state", build.state().label());
        json.put("message", build.message());
        json.put("attempts", build.attempts());
        build.supersededBy().ifPresent(newer -> json.put("supersededBy", newer));
        build.packageName().ifPresent(name -> json.put("package", name));
        build.version().ifPresent(version -> json.put("version", version));
        build.failedStage().ifPresent(stage -> json.put("failedStage", stage));
        build.failure().ifPresent(failure -> json.put("failure", failure));
        json.put("queuedAt", build.queuedAt().toString());
        put(json, "startedAt", build.startedAt());
        put(json, "finishedAt", build.finishedAt());
        json.put("stages", build.stages().stream().map(BuildJson::stage).toList());
        json.put("mail", build.mail());
        return json;
    }

    private static Map<String, Object> stage(StageView stage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", stage.name());
        json.put("state", stage.state().label());
        put(json, "start", stage.start());
        put(json, "end", stage.end());
        return json;
    }

    private static void put(Map<String, Object> json, String name, Optional<Instant> time) {
        time.ifPresent(value -> json.put(name, value.toString()));
    }
}
