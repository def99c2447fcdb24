package org.ocpu.webapp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** A server's JSON API as the command line uses it. What the server refuses is a {@link WebappException} that says why. */
final class ApiClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; *rel=\"next\"");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI server;
    private final Optional<String> token;

    ApiClient(URI server, Optional<String> token) {
        this.server = server;
        this.token = token;
    }

    URI server() {
        return server;
    }

    /** @param path below the API's beginning, encoded */
    JsonNode get(String path) {
        return json(send(request(server.resolve(Routes.API + path)).GET()));
    }

    /** The same of what takes the server a while. */
    JsonNode get(String path, Duration patience) {
        return json(send(
                request(server.resolve(Routes.API + path)).timeout(patience).GET()));
    }

    /** The entries of a list, at most so many, from as many pages as they are on. */
    List<JsonNode> list(String path, int most) {
        List<JsonNode> entries = new ArrayList<>();
        Optional<URI> page = Optional.of(server.resolve(Routes.API + path));
        while (page.isPresent() && entries.size() < most) {
            HttpResponse<String> answer = send(request(page.get()).GET());
            json(answer).forEach(entries::add);
            page = answer.headers()
                    .firstValue("Link")
                    .map(NEXT::matcher)
                    .filter(Matcher::find)
                    .map(link -> server.resolve(link.group(1)));
        }
        return entries.subList(0, Math.min(most, entries.size()));
    }

    JsonNode post(String path, String body) {
        return json(send(request(server.resolve(Routes.API + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))));
    }

    void delete(String path) {
        send(request(server.resolve(Routes.API + path)).DELETE());
    }

    /** Asks for server-sent events, for as long as they come. */
    HttpRequest stream(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(Routes.API + path));
        return authorized(request.header("Accept", "text/event-stream")).build();
    }

    private HttpRequest.Builder request(URI address) {
        return authorized(HttpRequest.newBuilder(address).timeout(PATIENCE).header("Accept", "application/json"));
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        token.map(String::strip).ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() == 401) {
                throw new WebappException(
                        "This needs the admin token: set OCPU_TOKEN or give --token. The server printed it at"
                                + " its first start; on the server's machine, ./ocpu token makes a new one.");
            }
            if (answer.statusCode() >= 300) {
                String why = json(answer).path("detail").asText("The server answered " + answer.statusCode());
                throw answer.statusCode() == 502 ? new GatewayException(why) : new WebappException(why);
            }
            return answer;
        } catch (IOException e) {
            throw noServer(server, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebappException("Interrupted.", e);
        }
    }

    static WebappException noServer(URI server, IOException cause) {
        if (cause instanceof SSLException) {
            return new WebappException(
                    "The connection to " + server
                            + " is not made, since its certificate is not trusted, or not for that name ("
                            + cause.getMessage() + "). Give --url with the name that the certificate is for.",
                    cause);
        }
        return new WebappException(
                "No server answers at " + server + ". Start one with ./ocpu up, or give --url.", cause);
    }

    private JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new WebappException("What answers at " + server + " is no ocpu server of this version.", e);
        }
    }
}
