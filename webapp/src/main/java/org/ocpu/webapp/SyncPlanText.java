package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a run would do, for a terminal.
 *
 * @param plan as the JSON API tells it, or the {@code problem} why that is not known
 */
record SyncPlanText(JsonNode plan) {
    void print(PrintWriter out) {
        if (plan.has("problem")) {
            out.println(TextTable.plain(plan.path("sync").asText() + " could not begin: "
                    + plan.path("problem").asText()));
            out.flush();
            return;
        }
        JsonNode changes = plan.path("changes");
        out.println("%s: %d to change, %d unchanged"
                .formatted(
                        plan.path("sync").asText(),
                        StreamSupport.stream(changes.spliterator(), false)
                                .filter(change -> !skipped(change))
                                .count(),
                        plan.path("unchanged").asInt()));
        if (!changes.isEmpty()) {
            TextTable table = new TextTable("PACKAGE", "NOW", "THEN", "WHY");
            changes.forEach(change -> table.row(
                    change.path("name").asText(),
                    change.path("before").asText("-"),
                    change.path("version").asText("-"),
                    why(change)));
            table.print(out);
        }
        if (!plan.path("withdrawn").isEmpty()) {
            out.println(TextTable.plain("Withdrawn, but kept: "
                    + StreamSupport.stream(plan.path("withdrawn").spliterator(), false)
                            .map(JsonNode::asText)
                            .collect(Collectors.joining(", "))));
        }
        plan.path("notes").forEach(note -> out.println(TextTable.plain("Note: " + note.asText())));
        out.flush();
    }

    private static boolean skipped(JsonNode change) {
        return change.path("action").asText().equals("skip");
    }

    private static String why(JsonNode change) {
        boolean sameVersion =
                change.path("before").asText("-").equals(change.path("version").asText());
        return switch (change.path("action").asText()) {
            case "add" -> "not there yet";
            case "update" -> sameVersion ? "changed in the repository" : "another version in the repository";
            case "remove" -> "withdrawn from the repository";
            case "skip" -> "cannot be had: " + change.path("reason").asText();
            default -> "FAILS: " + change.path("reason").asText();
        };
    }
}
