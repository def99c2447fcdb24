package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Server-sent events of a server's JSON API, until one named {@code end} or until the server hangs up.
 *
 * @param path below the API's beginning
 */
record EventStream(ApiClient server, String path) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param listener takes an event's name and what it says */
    void forEach(BiConsumer<String, JsonNode> listener) throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        HttpRequest request = server.stream(path);
        try (Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
            Iterator<String> events = lines.iterator();
            String event = "";
            while (events.hasNext() && !event.equals("end")) {
                String line = events.next();
                if (line.startsWith("event:")) {
                    event = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    listener.accept(event, JSON.readTree(line.substring(5)));
                }
            }
        }
    }
}
