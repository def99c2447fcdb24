package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.ocpu.builder.LocalPush;
import org.ocpu.builder.LocalRepository;

/**
 * Sends one directory the way a push to GitHub comes: into a git repository, then a signed delivery to the server's webhook, then
 * the build, followed to its end. One-shot: one {@link #call}.
 */
final class Publishing {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final DataDirectory data;
    private final URI server;
    private final Stages stages;

    Publishing(DataDirectory data, URI server, Stages stages) {
        this.data = data;
        this.server = server;
        this.stages = stages;
    }

    /**
     * What came of a push.
     *
     * @param build the finished build, as the JSON API tells it
     * @param known whether it had been built before
     */
    record Outcome(JsonNode build, boolean known) {}

    /**
     * Pushes and follows the build to its end.
     *
     * @throws WebappException when the server does not take the push
     */
    Outcome call(String owner, String repo, Path directory) {
        LocalPush push = LocalRepository.push(data.path(), owner, repo, directory);
        stages.done("pushed " + owner + "/" + repo + " " + push.commit().substring(0, 7));
        try {
            return outcome(deliver(push));
        } catch (IOException e) {
            throw ApiClient.noServer(server, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebappException("Interrupted; the build goes on.", e);
        }
    }

    /** A build that was there before is followed only when it has not ended: its stages are not those of this push. */
    private Outcome outcome(JsonNode answer) {
        long id = answer.path("build").asLong();
        if (answer.path("added").isEmpty()) {
            JsonNode build = new ApiClient(server, ApiOptions.environment()).get("/builds/" + id);
            if (build.has("finishedAt")) {
                return new Outcome(build, true);
            }
        }
        return new Outcome(new BuildFollower(server, stages).call(id), false);
    }

    /** The webhook's answer. */
    private JsonNode deliver(LocalPush push) throws IOException, InterruptedException {
        byte[] payload = push.payload();
        HttpRequest.Builder request = HttpRequest.newBuilder(api("/webhook"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(payload));
        LocalPush.headers(payload, secret()).forEach(request::header);
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() != 202) {
            throw new WebappException("The server did not take the push (" + response.statusCode() + "): "
                    + answer.path("message").asText(response.body()));
        }
        stages.done("delivered to the webhook");
        return answer;
    }

    private URI api(String path) {
        return server.resolve(WebConfig.from(data.settings()).root() + path);
    }

    private String secret() {
        String configured = data.settings().get("webhook.secret");
        return configured == null ? data.secret() : configured;
    }

    /** The address of an app. */
    URI app(String owner, String repo) {
        return api("/apps/" + owner + "/" + repo + "/");
    }
}
