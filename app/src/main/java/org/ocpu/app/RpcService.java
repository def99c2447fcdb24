package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
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
    private final SessionCleaner cleaner;
    private final AppConfig config;
    private final RenderedCache rendered;
    private final Engines engines;
    private final Renderer renderer;
    private final Caller caller;
    private final String software;
    private final Leases leases = new Leases();
    private final Cache<PackageRef, Manuals> manuals =
            Caffeine.newBuilder().maximumSize(256).build();

    private RpcService(AppConfig config, Path directory) throws IOException {
        Path data = directory.toAbsolutePath();
        this.config = config;
        Path work = emptied(data.resolve("work").resolve("requests"));
        Path boxes = emptied(data.resolve("work").resolve("boxes"));
        Path sockets = emptied(data.resolve("work").resolve("e"));
        Path answers = emptied(data.resolve("work").resolve("rendered"));
        Path gone = emptied(data.resolve("work").resolve("gone"));
        InstantSource clock = InstantSource.system();
        this.r = RSystem.ask();
        UserLibraries users = new UserLibraries(PASSWD, r.userLibrary());
        Map<String, SyncedLibrary> synced = SyncedLibrary.NAMES.stream()
                .collect(Collectors.toMap(name -> name, name -> new SyncedLibrary(name, data.resolve(name))));
        this.libraries = new Libraries(r.libraries(), users, new HostedApps(data.resolve("apps")), synced);
        this.requests = new Requests(data, work, boxes, libraries);
        this.sessions = new SessionStore(
                Files.createDirectories(data.resolve("sessions")),
                config.keyLength(),
                config.sessions(),
                libraries,
                clock);
        this.cleaner = new SessionCleaner(sessions, config.sessions(), gone, clock);
        WorkerPackage worker = WorkerPackage.installed(data.resolve("cache"), r.version());
        this.engines = new Engines(config, worker, requests, libraries, new Engines.Places(data, sockets, work, boxes));
        this.rendered = new RenderedCache(answers, config.cacheMemory(), config.cacheDisk());
        TimeLimit limit = new TimeLimit("timelimit.get", config.getLimit());
        this.renderer = new Renderer(engines, requests, rendered, limit, new ResultLimit(config.maxResult()));
        this.caller = new Caller(config, engines, requests, sessions);
        sessions.census().begin();
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
        Trees.delete(directory);
        return Files.createDirectories(directory);
    }

    public RSystem r() {
        return r;
    }

    public Libraries libraries() {
        return libraries;
    }

    /** Whether arguments of calls may be R code. */
    public boolean takesCode() {
        return config.postCode();
    }

    /** The session of a key. */
    public Session session(String key) {
        return sessions.find(key)
                .orElseThrow(() -> new NotFoundException("Session not found: " + key + ". Sessions are kept for "
                        + SessionConfig.MAX_AGE + " = "
                        + config.sessions().maxAge().toSeconds() + " seconds."));
    }

    /** Keeps the session of a key from being removed, if there is one. */
    public SessionUse use(String key) {
        return sessions.use(List.of(key));
    }

    /** How long a session will be there, unless room is needed before. */
    public Duration left(Session session) {
        return sessions.left(session);
    }

    /** How many sessions there are, and were, of every place that has made any; a moment after the start not all are counted. */
    public List<SessionCount> sessionCounts() {
        return sessions.census().counts();
    }

    /** The same of one place. */
    public SessionCount sessionCount(String place) {
        return sessions.census().count(place);
    }

    /** Removes sessions that are old, or too many, and what was made of them. Takes a while. */
    public void cleanSessions() {
        if (cleaner.clean() > 0) {
            rendered.forgetGone();
        }
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

    /** What can be asked in the name of that client. */
    public ClientRpc by(Client client) {
        return new ClientRpc(client, libraries, renderer, caller);
    }

    /** The entity tag of what {@link ClientRpc#read} answers, told without reading anything. */
    public String etag(Reading reading) {
        return reading.etag(software);
    }

    /**
     * Loads a package in a fresh worker that is then thrown away.
     *
     * @param library the directory that holds {@code name/}
     * @param limit how long loading may take
     */
    public LoadCheck checkLoads(Path library, String name, Duration limit) {
        TimeLimit time = new TimeLimit("the rest of timelimit.webhook", limit);
        PackageRef ref = new PackageRef(library, name, "check/" + name, library.toString());
        try (Turn turn = engines.turn(Client.SERVER, Optional.empty(), time)) {
            RequestDirectory directory = turn.directory();
            directory.mayRead(libraries.readable(ref));
            ObjectNode request = requests.header("check", directory, Optional.of(ref))
                    .put("output", directory.path().resolve("output").toString());
            try {
                Reply reply = turn.ask(request);
                String info = new String(reply.body(), StandardCharsets.UTF_8);
                return new LoadCheck(reply.header().path("loads").asBoolean(), output(directory), info);
            } catch (WorkerLostException e) {
                return new LoadCheck(false, output(directory) + e.getMessage(), "");
            }
        }
    }

    /** What R printed when it loaded a package, or the beginning of it. */
    private static String output(RequestDirectory directory) {
        try (InputStream in = Files.newInputStream(directory.take("output"))) {
            return new String(in.readNBytes(1 << 20), StandardCharsets.UTF_8);
        } catch (WorkerLostException none) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What fork + evaluate + exit costs without HTTP and sessions, in milliseconds of wall clock, one figure a call, the whole
     * run's first; see {@code ocpu.worker::floor_cost}.
     */
    public double[] floorCost(int calls, int atOnce) {
        TimeLimit limit = new TimeLimit("bench", Duration.ofMinutes(5));
        try (Turn turn = engines.turn(Client.SERVER, Optional.empty(), limit)) {
            ObjectNode request =
                    requests.header("floor", turn.directory()).put("n", calls).put("at_once", atOnce);
            Reply reply = turn.ask(request);
            return Arrays.stream(new String(reply.body(), StandardCharsets.UTF_8)
                            .strip()
                            .split("\\s+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
    }

    /** Why no worker could answer, if so; an engine that died is started again, which takes a moment. */
    public Optional<String> problem() {
        try {
            engines.revive();
            return Optional.empty();
        } catch (RpcException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Bytes of memory that engines of packages take. */
    public long engineMemory() {
        return engines.memory();
    }

    /** All engines as they are now; takes a while. */
    public EnginesView engines() {
        return engines.view();
    }

    /**
     * Ends the engine of a package once the requests that use it are done, to free its memory; the next request starts another one.
     *
     * @throws NotFoundException when no engine of a package has this id
     */
    public void endEngine(String id) {
        if (!engines.end(id)) {
            throw new NotFoundException("No engine of a package has the id " + id + ".");
        }
    }

    /** How busy the workers are now. */
    public WorkerLoad load() {
        return engines.load();
    }

    /** The most that ran at once, and that waited, since this was asked the last time. For one caller. */
    public WorkerLoad takePeakLoad() {
        return engines.takePeak();
    }

    /** What workers are confined by on this machine. */
    public Walls walls() {
        return engines.walls();
    }

    /** The server is to stop: requests that wait for a worker are refused, those that have one go on. */
    public void drain() {
        engines.drain();
    }

    @Override
    public void close() {
        cleaner.close();
        engines.close();
        sessions.census().close();
    }
}
