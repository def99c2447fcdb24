package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Waits for the end of a run of a sync and prints its packages as they end. One-shot: one {@link #call}. */
final class RunFollower {
    private static final Set<String> ENDED = Set.of("added", "updated", "removed", "failed", "skipped");
    private static final Set<String> GOING = Set.of("waiting", "running");
    private static final long PAUSE_MILLIS = 1_000;

    private final ApiClient api;
    private final Optional<PrintWriter> out;
    private final Set<String> told = new HashSet<>();

    /** @param out absent: nothing is printed */
    RunFollower(ApiClient api, Optional<PrintWriter> out) {
        this.api = api;
        this.out = out;
    }

    /** Follows a run to its end; the ended run with its packages, as the JSON API tells it. */
    JsonNode call(long run) {
        try {
            JsonNode now = follow("/runs/" + run);
            while (GOING.contains(now.path("state").asText())) { // the server hung up
                Thread.sleep(PAUSE_MILLIS);
                now = follow("/runs/" + run);
            }
            new RunSummary(now).lines().forEach(this::print);
            return now;
        } catch (IOException e) {
            throw ApiClient.noServer(api.server(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebappException("Interrupted; the run goes on.", e);
        }
    }

    private JsonNode follow(String run) throws IOException, InterruptedException {
        new EventStream(api, run + "/events").forEach((event, data) -> {
            if (event.equals("package")) {
                tell(data);
            }
        });
        JsonNode now = api.get(run);
        now.path("packages").forEach(this::tell);
        return now;
    }

    /** Each package once, when it has ended. */
    private void tell(JsonNode one) {
        String state = one.path("state").asText();
        if (ENDED.contains(state) && told.add(one.path("name").asText())) {
            print(line(one, state));
            one.path("tail").asText().lines().forEach(line -> print("      | " + line));
        }
    }

    private static String line(JsonNode one, String state) {
        String versions =
                versions(one.path("before").asText(), one.path("version").asText());
        String what = one.path("name").asText() + " " + versions;
        String reason = one.has("reason") ? ": " + one.path("reason").asText() : "";
        String how = state.equals("failed") ? "FAILED" : state;
        String took = one.has("startedAt") && one.has("endedAt") ? RunSummary.took(one) : "";
        return String.format(Locale.ROOT, "  %-40s %s%s%s", what, how, took, reason);
    }

    private static String versions(String before, String version) {
        return before.isEmpty() || version.isEmpty() || before.equals(version)
                ? version.isEmpty() ? before : version
                : before + " -> " + version;
    }

    private void print(String line) {
        out.ifPresent(to -> {
            to.println(TextTable.plain(line));
            to.flush();
        });
    }
}
