package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LocalPush;
import org.ocpu.builder.State;

/** A server to measure, with a temporary directory that goes away with the program, also at Ctrl-C. */
final class BenchServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path directory;
    private final Map<String, String> settings;
    private DataDirectory data;
    private Server server;

    private BenchServer(Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.settings = new HashMap<>(settings);
        this.settings.put("port", "0");
        this.data = DataDirectory.open(directory.resolve("data"));
        this.server = Server.start(data, this.settings);
        Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp, "shutdown"));
    }

    /** @param settings of the server */
    static BenchServer start(Map<String, String> settings) throws IOException {
        return start(Files.createTempDirectory("ocpu-bench"), settings);
    }

    /** @param directory that goes away with all that is in it */
    static BenchServer start(Path directory, Map<String, String> settings) {
        Logs.into(directory.resolve("logs"));
        return new BenchServer(directory, settings);
    }

    synchronized Server server() {
        return server;
    }

    synchronized DataDirectory data() {
        return data;
    }

    /** Ends the server and starts another one that has nothing yet. */
    synchronized void startAnew() throws IOException {
        server.close();
        delete(data.path());
        data = DataDirectory.open(data.path());
        server = Server.start(data, settings);
    }

    /** Delivers a push as GitHub does; the number of its build. */
    long deliver(LocalPush push) throws IOException, InterruptedException {
        byte[] payload = push.payload();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server().api() + "/webhook"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(payload));
        LocalPush.headers(payload, data().secret()).forEach(request::header);
        HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() != 202) {
            throw new WebappException("The webhook answered " + response.statusCode() + ": " + answer);
        }
        return answer.path("build").asLong();
    }

    /** @throws WebappException saying why the build did not succeed */
    static void requireSuccess(BuildView build) {
        if (build.state() != State.SUCCEEDED) {
            throw new WebappException("A build did not succeed: "
                    + build.failure().orElse(build.state().label()));
        }
    }

    private synchronized void cleanUp() {
        server.close();
        try {
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
