package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Waits for the end of a build and prints its stages as they end. One-shot: one {@link #call}. */
final class BuildFollower {
    private final URI server;
    private final ApiClient api;
    private final Stages stages;
    private final Set<String> told = new HashSet<>();

    BuildFollower(URI server, Stages stages) {
        this.server = server;
        this.api = new ApiClient(server, ApiOptions.environment());
        this.stages = stages;
    }

    /** Follows a build to its end; the finished build, as the JSON API tells it. */
    JsonNode call(long build) {
        try {
            return follow("/builds/" + build);
        } catch (IOException e) {
            throw ApiClient.noServer(server, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebappException("Interrupted; the build goes on.", e);
        }
    }

    private JsonNode follow(String build) throws IOException, InterruptedException {
        new EventStream(api, build + "/events").forEach((event, data) -> {
            if (event.equals("state")) {
                tell(data);
            }
        });
        JsonNode finished = api.get(build);
        tell(finished);
        return finished;
    }

    /** Each stage once, when it has ended. */
    private void tell(JsonNode build) {
        for (JsonNode stage : build.path("stages")) {
            String name = stage.path("name").asText();
            if (stage.has("start") && stage.has("end") && told.add(name)) {
                Duration took = Duration.between(instant(stage, "start"), instant(stage, "end"));
                boolean failed = stage.path("state").asText().equals("failed");
                stages.done(name + (failed ? " FAILED" : ""), took.toMillis() / 1000.0);
            }
        }
    }

    private static Instant instant(JsonNode stage, String name) {
        return Instant.parse(stage.path(name).asText());
    }
}
