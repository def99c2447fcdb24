package org.ocpu.webapp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.builder.SyncRunView;

/** How many packages of a run came to what, those that people look at first coming first. */
record SyncCounts(Map<String, Integer> counts, int unchanged) {
    static SyncCounts of(SyncRunView run) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("failed", run.failed());
        counts.put("skipped", run.skipped());
        counts.put("updated", run.updated());
        counts.put("added", run.added());
        counts.put("removed", run.removed());
        return new SyncCounts(counts, run.unchanged());
    }

    /** How many packages the run is done with. */
    int done() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Such as {@code 1 failed, 2 updated, 300 unchanged}. */
    String words() {
        Stream<String> others = counts.entrySet().stream()
                .filter(count -> count.getValue() > 0)
                .map(count -> count.getValue() + " " + count.getKey());
        boolean told = unchanged > 0 || done() == 0;
        return Stream.concat(others, told ? Stream.of(unchanged + " unchanged") : Stream.empty())
                .collect(Collectors.joining(", "));
    }
}
