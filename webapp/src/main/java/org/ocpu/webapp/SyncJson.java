package org.ocpu.webapp;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ocpu.builder.SyncPackageView;
import org.ocpu.builder.SyncPlanView;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.SyncView;

/** Syncs and their runs as API clients get them: times in ISO 8601, states in lower case, and only what there is. */
final class SyncJson {
    private SyncJson() {}

    static Map<String, Object> of(SyncView sync) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sync", sync.name());
        json.put("url", "/syncs/" + sync.name());
        json.put("library", sync.library());
        json.put("repositories", sync.repositories());
        json.put("wanted", sync.wanted());
        sync.cron().ifPresent(cron -> json.put("cron", cron));
        json.put("timezone", sync.zone().getId());
        json.put("parallel", sync.parallel());
        json.put("prune", sync.prune());
        put(json, "nextRun", sync.nextRun());
        json.put("packages", sync.packages());
        sync.running().ifPresent(run -> json.put("running", of(run)));
        sync.last().ifPresent(run -> json.put("last", of(run)));
        return json;
    }

    static Map<String, Object> of(SyncRunView run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", run.id());
        json.put("url", "/syncs/" + run.sync() + "/runs/" + run.id());
        json.put("sync", run.sync());
        json.put("library", run.library());
        json.put("cause", run.cause());
        json.put("state", run.state().label());
        put(json, "startedAt", Optional.of(run.startedAt()));
        put(json, "endedAt", run.endedAt());
        json.put("total", run.total());
        json.put("added", run.added());
        json.put("updated", run.updated());
        json.put("removed", run.removed());
        json.put("failed", run.failed());
        json.put("skipped", run.skipped());
        json.put("unchanged", run.unchanged());
        json.put("bytes", run.bytes());
        run.problem().ifPresent(problem -> json.put("problem", problem));
        json.put("notes", run.notes());
        return json;
    }

    static Map<String, Object> of(SyncRunView run, List<SyncPackageView> packages) {
        Map<String, Object> json = of(run);
        json.put("packages", packages.stream().map(SyncJson::of).toList());
        return json;
    }

    static Map<String, Object> of(SyncPackageView one) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", one.name());
        version(json, one.version());
        one.before().ifPresent(version -> json.put("before", version));
        json.put("state", one.state().label());
        one.reason().ifPresent(reason -> json.put("reason", reason));
        one.tail().ifPresent(tail -> json.put("tail", tail));
        json.put("size", one.size());
        json.put("bytes", one.bytes());
        put(json, "startedAt", one.startedAt());
        put(json, "endedAt", one.endedAt());
        return json;
    }

    static Map<String, Object> of(SyncPlanView plan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sync", plan.sync());
        json.put("library", plan.library());
        json.put("changes", plan.changes().stream().map(SyncJson::change).toList());
        json.put("unchanged", plan.unchanged());
        json.put("withdrawn", plan.withdrawn());
        json.put("notes", plan.notes());
        return json;
    }

    private static Map<String, Object> change(SyncPlanView.Change change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", change.name());
        json.put("action", change.action());
        version(json, change.version());
        change.before().ifPresent(version -> json.put("before", version));
        change.reason().ifPresent(reason -> json.put("reason", reason));
        return json;
    }

    private static void version(Map<String, Object> json, String version) {
        if (!version.isEmpty()) {
            json.put("version", version);
        }
    }

    private static void put(Map<String, Object> json, String name, Optional<Instant> time) {
        time.ifPresent(value -> json.put(name, value.toString()));
    }
}
