package org.ocpu.webapp;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ocpu.app.WorkerLoad;

/**
 * How the server did in a time.
 *
 * @param at the end of that time
 * @param seconds how long it was
 * @param peak the most workers that ran at once, and the most requests that waited
 * @param memory at the end
 */
record MetricPoint(Instant at, double seconds, RequestMeter.Counts requests, WorkerLoad peak, Memory memory) {
    /**
     * Bytes of memory.
     *
     * @param heap that the server's own objects take
     * @param heapMax that they may take
     * @param server that the server's process takes, all in all
     * @param engines that R takes, with all workers
     */
    record Memory(long heap, long heapMax, long server, long engines) {
        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("heap", heap);
            json.put("heapMax", heapMax);
            json.put("server", server);
            json.put("engines", engines);
            return json;
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", at.toString());
        json.put("seconds", seconds);
        Map<String, Object> answers = new LinkedHashMap<>();
        answers.put("2xx", requests.succeeded());
        answers.put("3xx", requests.redirected());
        answers.put("4xx", requests.refused());
        answers.put("5xx", requests.failed());
        answers.put("503", requests.busy());
        json.put("requests", answers);
        if (requests.all() > 0) {
            Map<String, Object> latency = new LinkedHashMap<>();
            latency.put("p50", requests.medianMicros() / 1000.0);
            latency.put("p99", requests.slowMicros() / 1000.0);
            latency.put("max", requests.slowestMicros() / 1000.0);
            json.put("latency", latency);
        }
        json.put("workers", Map.of("running", peak.running(), "waiting", peak.waiting()));
        json.put("memory", memory.json());
        return json;
    }
}
