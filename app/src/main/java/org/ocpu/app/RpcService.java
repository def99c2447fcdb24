package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The module's door: reads objects and calls functions of packages and sessions, each in a fresh R process. Thread-safe. Failures
 * are {@link RpcException}s: {@link CallFailedException} for R's errors, {@link WorkerLostException} for what R did not survive, {@link
 * NotFoundException}, {@link OverloadedException}.
 */
public final class RpcService implements AutoCloseable {
    private final AppConfig config;
    private final RSystem r;
    private final Libraries libraries;
    private final Requests requests;
    private final SessionStore sessions;
    private final Engines engines;
    private final Path data;

    private RpcService(AppConfig config, Path data) throws IOException {
        this.config = config;
        this.data = data.toAbsolutePath();
        Path work = emptied(this.data.resolve("work").resolve("requests"));
        Path sockets = emptied(this.data.resolve("work").resolve("e"));
        this.r = RSystem.ask();
        this.libraries = new Libraries(r.libraries(), new HostedApps(this.data.resolve("apps")));
        this.requests = new Requests(work, libraries);
        this.sessions = new SessionStore(Files.createDirectories(this.data.resolve("sessions")), config.keyLength());
        WorkerPackage worker = WorkerPackage.installed(this.data.resolve("cache"), r.version());
        this.engines = new Engines(config, worker, requests, sockets);
    }

    /** Starts the core on a data directory, which only one server may use at a time; returns when it can answer. */
    public static RpcService open(AppConfig config, Path data) {
        try {
            return new RpcService(config, data);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use the data directory " + data, e);
        }
    }

    private static Path emptied(Path directory) throws IOException {
        RequestDirectory.deleteTree(directory);
        return Files.createDirectories(directory);
    }

    public RSystem r() {
        return r;
    }

    public Libraries libraries() {
        return libraries;
    }

    /** The session of a key. */
    public Session session(String key) {
        return sessions.find(key).orElseThrow(() -> new NotFoundException("Session not found: " + key));
    }

    /** Names of a package's exported objects and data sets, one a line. */
    public Rendered exports(PackageRef ref) {
        try (RequestDirectory directory = requests.open()) {
            return rendered(answer(Optional.of(ref), request("list", directory, ref)), directory);
        }
    }

    /** A package's exported object or data set in an output format. */
    public Rendered object(PackageRef ref, String name, Output output) {
        try (RequestDirectory directory = requests.open()) {
            ObjectNode request = request("object", directory, ref).put("object", name);
            return rendered(answer(Optional.of(ref), with(request, output)), directory);
        }
    }

    /** A session's object in an output format. */
    public Rendered object(Session session, String name, Output output) {
        return stored(session, session.object(name), name, output);
    }

    /** A session's plot, by number from 1 or {@code last}. */
    public Rendered plot(Session session, String number, Output output) {
        return stored(session, session.plot(number), "graphics", output);
    }

    private Rendered stored(Session session, Path file, String name, Output output) {
        try (RequestDirectory directory = requests.open()) {
            ObjectNode request = sessionRequest("stored", directory, session)
                    .put("stored", file.toString())
                    .put("object", name);
            return rendered(answer(session.madeBy(), with(request, output)), directory);
        }
    }

    /** R's {@code sessionInfo()} as the session's maker would see it. */
    public Rendered sessionInfo(Session session) {
        try (RequestDirectory directory = requests.open()) {
            return rendered(answer(session.madeBy(), sessionRequest("info", directory, session)), directory);
        }
    }

    /** Calls a package's function and keeps what the call leaves. */
    public Made call(PackageRef ref, String function, Arguments arguments, Output output) {
        try (RequestDirectory directory = requests.open().withFiles()) {
            ObjectNode request = request("call", directory, ref).put("object", function);
            put(request, arguments);
            return make(directory, ref, with(request, output));
        }
    }

    /** Calls a function that a session holds. */
    public Made call(Session session, String function, Arguments arguments, Output output) {
        try (RequestDirectory directory = requests.open().withFiles()) {
            ObjectNode request = sessionRequest("call", directory, session)
                    .put("object", function)
                    .put("stored", session.object(function).toString());
            put(request, arguments);
            PackageRef ref = session.madeBy().orElseGet(() -> libraries.globalPackage("base"));
            return make(directory, ref, with(request, output));
        }
    }

    private Made make(RequestDirectory directory, PackageRef ref, ObjectNode request) {
        request.putArray("files");
        Reply reply = engines.ask(Optional.of(ref), request, new TimeLimit("timelimit.post", config.postLimit()));
        if (reply.entries().isEmpty()) {
            throw failure(reply, Optional.empty());
        }
        SessionKey key = sessions.keep(directory, ref, request.path("object").asText());
        if (reply.error().isPresent()) {
            throw failure(reply, Optional.of(key));
        }
        Optional<Rendered> rendered = reply.rendered(directory);
        List<String> entries =
                rendered.isPresent() ? List.of() : session(key.value()).entries();
        return new Made(key, entries, rendered);
    }

    private void put(ObjectNode request, Arguments arguments) {
        arguments.json().ifPresent(json -> request.put("json", json));
        ObjectNode form = request.putObject("form");
        arguments.form().forEach(form::put);
        ObjectNode known = request.putObject("sessions");
        for (String key : arguments.mentionedKeys()) {
            sessions.find(key)
                    .ifPresent(session -> known.put(key, session.directory().toString()));
        }
    }

    /**
     * Loads a package in a fresh worker that is then thrown away.
     *
     * @param library the directory that holds {@code name/}
     * @param limit how long loading may take
     */
    public LoadCheck checkLoads(Path library, String name, Duration limit) {
        PackageRef ref = new PackageRef(library, name, "check/" + name, library.toString());
        try (RequestDirectory directory = requests.open()) {
            Path output = directory.path().resolve("output");
            ObjectNode request = request("check", directory, ref).put("output", output.toString());
            try {
                Reply reply =
                        engines.ask(Optional.empty(), request, new TimeLimit("the rest of timelimit.webhook", limit));
                String info = new String(reply.body(), StandardCharsets.UTF_8);
                return new LoadCheck(reply.header().path("loads").asBoolean(), text(output), info);
            } catch (WorkerLostException e) {
                return new LoadCheck(false, text(output) + e.getMessage(), "");
            }
        }
    }

    /**
     * What fork + evaluate + exit costs without HTTP and sessions, in milliseconds of wall clock, one figure a call, the whole
     * run's first; see {@code ocpu.worker::floor_cost}.
     */
    public double[] floorCost(int calls, int atOnce) {
        try (RequestDirectory directory = requests.open()) {
            ObjectNode request =
                    requests.header("floor", directory).put("n", calls).put("at_once", atOnce);
            Reply reply = engines.ask(Optional.empty(), request, new TimeLimit("bench", Duration.ofMinutes(5)));
            return Arrays.stream(new String(reply.body(), StandardCharsets.UTF_8)
                            .strip()
                            .split("\\s+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
    }

    private ObjectNode request(String operation, RequestDirectory directory, PackageRef ref) {
        ObjectNode request = requests.header(operation, directory).put("package", ref.name());
        requests.libraries(request, ref);
        return request;
    }

    /** For a session whose package version is gone, what every R has must do. */
    private ObjectNode sessionRequest(String operation, RequestDirectory directory, Session session) {
        Optional<PackageRef> ref = session.madeBy();
        if (ref.isPresent()) {
            return request(operation, directory, ref.get());
        }
        ObjectNode request = requests.header(operation, directory).put("package", "base");
        requests.globalLibraries(request);
        return request;
    }

    private static ObjectNode with(ObjectNode request, Output output) {
        output.format().ifPresent(format -> request.put("format", format));
        ObjectNode options = request.putObject("options");
        output.options().forEach(options::put);
        return request;
    }

    private Reply answer(Optional<PackageRef> ref, ObjectNode request) {
        Reply reply = engines.ask(ref, request, new TimeLimit("timelimit.get", config.getLimit()));
        if (reply.error().isPresent()) {
            throw failure(reply, Optional.empty());
        }
        return reply;
    }

    private static Rendered rendered(Reply reply, RequestDirectory directory) {
        return reply.rendered(directory).orElseThrow(() -> new EngineException("The worker's answer has no body."));
    }

    /** R's error as an exception; paths of this server stay here. */
    private RpcException failure(Reply reply, Optional<SessionKey> key) {
        String message = reply.error().orElse("R gave no reason.").replace(data.toString(), "");
        return switch (reply.status()) {
            case 404 -> new NotFoundException(message);
            case 400 -> new CallFailedException(message, key);
            default -> new EngineException(message);
        };
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engines.close();
    }
}
