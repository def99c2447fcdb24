package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.Words;

/**
 * What came of a run of a sync that has ended, for a terminal.
 *
 * @param run as the JSON API tells it
 */
record RunSummary(JsonNode run) {
    private static final List<String> COUNTED =
            List.of("added", "updated", "removed", "failed", "skipped", "unchanged");

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (run.has("problem")) {
            lines.add("%s %s: %s"
                    .formatted(
                            run.path("sync").asText(),
                            SyncRunView.trouble(run.path("state").asText(), begun()),
                            run.path("problem").asText()));
        }
        if (!run.has("problem") || begun()) {
            lines.add(counts());
        }
        run.path("notes").forEach(note -> lines.add("Note: " + note.asText()));
        return lines;
    }

    private boolean begun() {
        return run.path("total").asInt() + run.path("unchanged").asInt() > 0;
    }

    private String counts() {
        StringBuilder line = new StringBuilder(run.path("sync").asText()).append(": ");
        line.append(run.path("state").asText());
        for (String what : COUNTED) {
            int count = run.path(what).asInt();
            if (count > 0 || what.equals("unchanged")) {
                line.append(", ").append(count).append(' ').append(what);
            }
        }
        line.append("; ").append(Words.size(run.path("bytes").asLong())).append(" downloaded");
        line.append(run.has("endedAt") ? took(run) : "");
        return line.toString();
    }

    /** How long something took, as the end of a line. */
    static String took(JsonNode one) {
        Instant start = Instant.parse(one.path("startedAt").asText());
        Instant end = Instant.parse(one.path("endedAt").asText());
        return " in " + Words.time(Duration.between(start, end));
    }
}
