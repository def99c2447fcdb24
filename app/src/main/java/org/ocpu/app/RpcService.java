package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The module's door: reads objects and calls functions of packages and sessions, each in a fresh R process. Thread-safe. Failures
 * are {@link RpcException}s: {@link CallFailedException} for R's errors, {@link WorkerLostException} for what R did not survive, {@link
 * NotFoundException}, {@link OverloadedException}.
 */
public final class RpcService implements AutoCloseable {
    private static final Path PASSWD = Path.of("/etc/passwd");

    private final RSystem r;
    private final Libraries libraries;
    private final Requests requests;
    private final SessionStore sessions;
    private final Engines engines;
    private final Renderer renderer;
    private final Caller caller;
    private final String software;
    private final Leases leases = new Leases();
    private final Cache<PackageRef, Manuals> manuals =
            Caffeine.newBuilder().maximumSize(256).build();

    private RpcService(AppConfig config, Path directory) throws IOException {
        Path data = directory.toAbsolutePath();
        Path work = emptied(data.resolve("work").resolve("requests"));
        Path sockets = emptied(data.resolve("work").resolve("e"));
        Path rendered = emptied(data.resolve("work").resolve("rendered"));
        this.r = RSystem.ask();
        UserLibraries users = new UserLibraries(PASSWD, r.userLibrary());
        Map<String, SyncedLibrary> synced = SyncedLibrary.NAMES.stream()
                .collect(Collectors.toMap(name -> name, name -> new SyncedLibrary(name, data.resolve(name))));
        this.libraries = new Libraries(r.libraries(), users, new HostedApps(data.resolve("apps")), synced);
        this.requests = new Requests(data, work, libraries);
        this.sessions =
                new SessionStore(Files.createDirectories(data.resolve("sessions")), config.keyLength(), libraries);
        WorkerPackage worker = WorkerPackage.installed(data.resolve("cache"), r.version());
        this.engines = new Engines(config, worker, requests, sockets);
        RenderedCache cache = new RenderedCache(rendered, config.cacheMemory(), config.cacheDisk());
        TimeLimit limit = new TimeLimit("timelimit.get", config.getLimit());
        this.renderer = new Renderer(engines, requests, cache, limit);
        this.caller = new Caller(config, engines, requests, sessions);
        this.software = r.title() + worker.library().getFileName();
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

    /**
     * Finds a package for a request, which is to keep the lease as long as it has to do with the package: the version stays
     * installed that long, and its engine is there.
     *
     * @param find asked again when what it found is removed that moment
     */
    public Optional<Lease> lease(Supplier<Optional<PackageRef>> find) {
        Optional<PackageRef> found = find.get();
        Optional<Lease> lease = found.flatMap(leases::take);
        while (found.isPresent() && lease.isEmpty()) {
            found = find.get();
            lease = found.flatMap(leases::take);
        }
        return lease;
    }

    /** The same for the package that made a session; empty when no version of it is installed. */
    public Optional<Lease> lease(Session session) {
        return lease(session::madeBy);
    }

    /**
     * Ends the engine of a version that is no longer an app's live one, once the requests that have a lease are done.
     *
     * @param version the directory of its library, without links
     * @param whenUnused to be run after that: now, or on the last request's thread; nobody gets a lease meanwhile. Must not take
     *     long.
     */
    public void retire(Path version, Runnable whenUnused) {
        leases.whenUnused(version, () -> {
            engines.retire(version);
            whenUnused.run();
        });
    }

    /** The topics of a package's manual. */
    public Manuals manuals(PackageRef ref) {
        return manuals.get(ref, Manuals::of);
    }

    /** What was asked for, kept from before or made by a worker. */
    public Rendered read(Reading reading) {
        return renderer.read(reading);
    }

    /** The entity tag of what {@link #read} answers, told without reading anything. */
    public String etag(Reading reading) {
        return reading.etag(software);
    }

    /** Calls a package's function and keeps what the call leaves. */
    public Made call(PackageRef ref, String function, Arguments arguments, Output output) {
        return caller.make(Invocation.function(ref, function, arguments, output));
    }

    /** Calls a function that a session holds. */
    public Made call(Session session, String function, Arguments arguments, Output output) {
        return caller.make(Invocation.function(session, function, maker(session), arguments, output));
    }

    /** Runs a script that a package holds and keeps what it leaves. */
    public Made run(PackageRef ref, Path script, Arguments arguments, Output output) {
        return caller.make(Invocation.script(Optional.of(ref), ref, script, arguments, output));
    }

    /** Runs a script that a session holds. */
    public Made run(Session session, Path script, Arguments arguments, Output output) {
        return caller.make(Invocation.script(session.madeBy(), maker(session), script, arguments, output));
    }

    /** Runs a script that is in no package, in a worker that has only what every R has. */
    public Made run(ScriptSource source, Path script, Arguments arguments, Output output) {
        PackageRef maker = libraries.globalPackage("base").madeFrom(source);
        return caller.make(Invocation.script(Optional.empty(), maker, script, arguments, output));
    }

    private PackageRef maker(Session session) {
        return session.madeBy().orElseGet(() -> libraries.globalPackage("base"));
    }

    /** All that a session holds. */
    public SessionArchive archive(Session session) {
        return new SessionArchive(session, read(Reading.savedObjects(session)));
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
            ObjectNode request =
                    requests.header("check", directory, Optional.of(ref)).put("output", output.toString());
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

    /** Bytes of memory that engines of packages take. */
    public long engineMemory() {
        return engines.memory();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server is to stop: requests that wait for a worker are refused, those that have one go on. */
    public void drain() {
        engines.drain();
    }

    @Override
    public void close() {
        engines.close();
    }
}
