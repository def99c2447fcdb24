package org.ocpu.webapp;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ocpu.app.WorkerLoad;
import org.ocpu.builder.BuildLoad;

/**
 * How the server is at a moment.
 *
 * @param requests that are being answered
 * @param engines how many there are, when they were looked at last
 * @param idle workers of theirs that waited then
 * @param problems what keeps it from working, a sentence each
 */
record StatusView(
        Instant at,
        Instant startedAt,
        String r,
        WorkerLoad workers,
        int requests,
        BuildLoad builds,
        int engines,
        int idle,
        MetricPoint.Memory memory,
        Disk disk,
        List<String> problems) {
    /**
     * The disk of the data directory, in bytes.
     *
     * @param reserve what is to stay free ({@code disk.reserve})
     */
    record Disk(long free, long size, long reserve) {}

    StatusView {
        problems = List.copyOf(problems);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", at.toString());
        json.put("startedAt", startedAt.toString());
        json.put("versions", versions());
        json.put("workers", workersJson());
        json.put("requests", requests);
        json.put("builds", counts("running", builds.running(), "max", builds.max(), "queued", builds.queued()));
        json.put("engines", counts("count", engines, "idle", idle));
        json.put("memory", memory.json());
        json.put("disk", counts("free", disk.free(), "size", disk.size(), "reserve", disk.reserve()));
        json.put("problems", problems);
        return json;
    }

    private Map<String, Object> versions() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ocpu", ApiHeaders.VERSION);
        json.put("r", r);
        json.put("java", Runtime.version().toString());
        return json;
    }

    private Map<String, Object> workersJson() {
        return counts(
                "running", workers.running(),
                "max", workers.max(),
                "waiting", workers.waiting(),
                "queue", workers.queue(),
                "clients", workers.clients());
    }

    /** @param pairs names and numbers in turn */
    private static Map<String, Object> counts(Object... pairs) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            json.put((String) pairs[i], pairs[i + 1]);
        }
        return json;
    }
}
