package org.ocpu.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All engines: the base engine, and the most recently used package engines, as far as {@code engines.max} and {@code engines.memory}
 * allow. Starts one when a package is first asked for, retires the engine of an older version of the same place, starts the base
 * engine again when it died. Who may run when is up to {@link Admission}. Thread-safe.
 */
final class Engines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    private static final long END_SECONDS = 10;
    private static final List<String> SERVED = List.of("apps", "bioc", "cache", "cran", "gist", "work/builds");
    private static final Set<String> IN_EVERY_R =
            Set.of("base", "stats", "graphics", "grDevices", "utils", "datasets", "methods");

    private final AppConfig config;
    private final WorkerPackage workerPackage;
    private final Requests requests;
    private final Libraries libraries;
    private final Places directories;
    private final WorkerUsers users;

    /** Each worker leads a session, and the kernel shares the processors among sessions: many would leave the server little. */
    private final Optional<ControlGroups> shares = ControlGroups.sharing("engines");

    private final WorkerWatch watch;
    private final Admission admission;
    private final CrashedPackages crashed = new CrashedPackages(System::nanoTime);
    private final AtomicLong started = new AtomicLong();

    /** Removes what engines leave; the last to end, when the server does, have nothing removed. */
    private final ThreadPoolExecutor ends = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("engine-ends"),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Lets go of what requests held, when their workers have ended. */
    private final ThreadPoolExecutor turnEnds = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.named("turn-ends"));

    private final Map<PackageRef, CompletableFuture<PackageEngine>> engines = new LinkedHashMap<>(16, 0.75f, true);
    private BaseEngine base;
    private boolean closed;

    /**
     * Where engines have their files.
     *
     * @param data the server's data, of which engines see only what they are given
     * @param sockets where they listen
     * @param work where their requests' working directories are
     * @param boxes where their workers have their boxes
     */
    record Places(Path data, Path sockets, Path work, Path boxes) {
        private RequestDirectories of(String engine, UserPart users) {
            return new RequestDirectories(work.resolve(engine), boxes.resolve(engine), users);
        }
    }

    Engines(AppConfig config, WorkerPackage workerPackage, Requests requests, Libraries libraries, Places directories) {
        this.config = config;
        this.workerPackage = workerPackage;
        this.requests = requests;
        this.libraries = libraries;
        this.directories = directories;
        this.admission = new Admission(config);
        this.users = WorkerUsers.take(config);
        this.base = startBase();
        this.watch = new WorkerWatch(config.limits(), config.maxWorkers(), () -> base().pid());
        tell();
    }

    private void tell() {
        Walls walls = walls();
        SandboxMode mode = config.limits().mode();
        if (mode == SandboxMode.REQUIRED && !walls.complete()) {
            close();
            throw new IllegalArgumentException("sandbox: required, but workers would be " + walls.description());
        }
        if (walls.complete()) {
            LOG.info("Workers are {}", walls.description());
        } else {
            LOG.warn("Workers are {}", walls.description());
        }
    }

    /** What workers are confined by. */
    Walls walls() {
        return base().walls().with(watch.hasGroups());
    }

    /**
     * A turn for a request to a worker with that package loaded; without a package, to one that has only what every R has. Waits
     * until there is one.
     *
     * @param limit how long the client may wait, and then the worker may take
     * @throws OverloadedException when its turn does not come; it has cost nothing then
     */
    Turn turn(Client client, Optional<PackageRef> ref, TimeLimit limit) {
        Admission.Place place = admission.enter(client, limit);
        try {
            Optional<PackageRef> own = ref.filter(r -> !IN_EVERY_R.contains(r.name()) || !r.isGlobal());
            if (own.isEmpty()) {
                BaseEngine engine = takeBase();
                return new Turn(engine, watch, limit, holding(() -> {}, engine.use(), place));
            }
            PackageEngine engine = take(own.get());
            return new Turn(engine, watch, limit, holding(() -> forget(own.get(), engine), engine.use(), place));
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private Turn.Holding holding(Runnable engineLost, EngineUse use, Admission.Place place) {
        Runnable done = () -> {
            use.leave();
            place.close();
        };
        return new Turn.Holding(engineLost, done, turnEnds);
    }

    /** From now on clients get no turn; what runs goes on, and so does what the server needs for itself. */
    void drain() {
        admission.drain();
    }

    private synchronized BaseEngine takeBase() {
        BaseEngine engine = base();
        engine.use().enter();
        return engine;
    }

    /** The engine of that version, entered. */
    private PackageEngine take(PackageRef ref) {
        crashed.check(ref);
        while (true) {
            CompletableFuture<PackageEngine> engine;
            boolean mine = false;
            synchronized (this) {
                engine = engines.get(ref);
                if (engine == null) {
                    engine = new CompletableFuture<>();
                    engines.put(ref, engine);
                    mine = true;
                }
            }
            if (mine) {
                start(ref, engine);
            }
            PackageEngine ready = join(engine);
            if (ready.use().enter()) {
                return ready;
            }
            forget(ref, ready);
        }
    }

    private static PackageEngine join(CompletableFuture<PackageEngine> engine) {
        try {
            return engine.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RpcException known ? known : e;
        }
    }

    private void start(PackageRef ref, CompletableFuture<PackageEngine> engine) {
        long begin = System.nanoTime();
        long number = started.incrementAndGet();
        try {
            PackageEngine ready = started(ref, number);
            crashed.loaded(ref);
            engine.complete(ready);
        } catch (RuntimeException | Error e) {
            LOG.info("No engine for {}: {}", ref.place(), e.getMessage());
            if (e instanceof WorkerLostException) {
                crashed.crashed(ref, e.getMessage());
            }
            synchronized (this) {
                engines.remove(ref, engine);
            }
            engine.completeExceptionally(e);
            return;
        }
        LOG.info("Engine of {} ready in {} ms", ref.place(), (System.nanoTime() - begin) / 1_000_000);
        retireOthers(ref);
    }

    private PackageEngine started(PackageRef ref, long number) {
        BaseEngine from = base();
        RequestDirectories own = directoriesOf("e" + number);
        PackageEngine.EngineStart start;
        try {
            start = start(ref, number, own);
        } catch (RuntimeException | Error e) {
            closed(own, CompletableFuture.completedFuture(null));
            throw e;
        }
        return new PackageEngine(ref, from, watch, start);
    }

    private RequestDirectories directoriesOf(String engine) {
        UserPart part = users.take();
        try {
            return directories.of(engine, part);
        } catch (RuntimeException e) {
            users.giveBack(part);
            throw e;
        }
    }

    /**
     * What a package's engine leaves may take long to remove, which no request waits for. Its users are somebody else's only when it
     * has ended.
     */
    private void closed(RequestDirectories own, CompletableFuture<?> ended) {
        ends.execute(() -> {
            boolean gone = ended.handle((end, untold) -> untold == null).join();
            own.close();
            if (gone) {
                users.giveBack(own.users());
            }
        });
    }

    private PackageEngine.EngineStart start(PackageRef ref, long number, RequestDirectories own) {
        long user = own.users().first();
        RequestDirectory directory = own.open();
        directory.lend((int) user);
        Path socket = directories.sockets().resolve("e" + number);
        ObjectNode request = requests.header("engine", directory, Optional.of(ref))
                .put("socket", socket.toString())
                .put("idle", config.idleWorkers())
                .put("writable", own.boxes().toString())
                .put("user", user);
        Requests.put(
                request,
                "readable",
                Stream.concat(Stream.of(own.root()), libraries.readable(ref).stream())
                        .toList());
        TimeLimit limit = new TimeLimit("timelimit.post", config.postLimit());
        return new PackageEngine.EngineStart(socket, own, request, limit, ended -> closed(own, ended));
    }

    /** Older versions of the same place, and the least recently used ones beyond the bounds of number and memory. */
    private void retireOthers(PackageRef newest) {
        Map<PackageRef, Long> memory = memoryOfEach();
        long excessMemory = sum(memory) - config.engineMemory();
        synchronized (this) {
            int excess = engines.size() - config.maxEngines();
            for (PackageRef ref : List.copyOf(engines.keySet())) {
                CompletableFuture<PackageEngine> engine = engines.get(ref);
                boolean older = ref.place().equals(newest.place());
                if (!ref.equals(newest) && engine.isDone() && (older || excess > 0 || excessMemory > 0)) {
                    excess--;
                    excessMemory -= memory.getOrDefault(ref, 0L);
                    engines.remove(ref);
                    retire(engine);
                }
            }
        }
    }

    /** Bytes of memory that all package engines take. */
    long memory() {
        return sum(memoryOfEach());
    }

    private static long sum(Map<PackageRef, Long> memory) {
        return memory.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Takes long enough for no request to wait meanwhile. */
    private Map<PackageRef, Long> memoryOfEach() {
        EngineLook look = new EngineLook(base(), watch);
        return running().stream().collect(Collectors.toMap(PackageEngine::ref, look::memory));
    }

    /** All of them. Takes milliseconds for each process, for which no request waits. */
    EnginesView view() {
        BaseEngine first = base();
        List<PackageEngine> others = running();
        EngineLook look = new EngineLook(first, watch);
        List<EngineView> views = Stream.concat(
                        Stream.of(first.view(look, others)), others.stream().map(engine -> engine.view(look)))
                .toList();
        return new EnginesView(views, look.memory());
    }

    /** Those that are there to answer, the least recently used first. */
    private synchronized List<PackageEngine> running() {
        return engines.values().stream()
                .filter(engine -> engine.isDone() && !engine.isCompletedExceptionally())
                .map(Engines::join)
                .toList();
    }

    /**
     * Ends the engine of a package once the requests that use it are done; the next request starts another one.
     *
     * @return whether there is one of this id
     */
    boolean end(String id) {
        Optional<PackageEngine> found =
                running().stream().filter(engine -> engine.id().equals(id)).findFirst();
        found.ifPresent(engine -> forget(engine.ref(), engine));
        return found.isPresent();
    }

    WorkerLoad load() {
        return admission.load();
    }

    WorkerLoad takePeak() {
        return admission.takePeak();
    }

    private synchronized void forget(PackageRef ref, PackageEngine engine) {
        CompletableFuture<PackageEngine> known = engines.get(ref);
        if (known != null && known.isDone() && join(known) == engine) {
            engines.remove(ref);
        }
        engine.use().retire();
    }

    /** Ends the engines of packages in that library, which no request uses. */
    synchronized void retire(Path library) {
        for (PackageRef ref : List.copyOf(engines.keySet())) {
            if (ref.library().equals(library) && engines.get(ref).isDone()) {
                retire(engines.remove(ref));
            }
        }
    }

    private static void retire(CompletableFuture<PackageEngine> engine) {
        // One that is still starting has a caller waiting for it, or fails with the base engine.
        if (engine.isDone() && !engine.isCompletedExceptionally()) {
            engine.join().use().retire();
        }
    }

    private synchronized BaseEngine base() {
        if (closed) {
            throw new OverloadedException("The server is shutting down.");
        }
        if (!base.isAlive()) {
            LOG.warn("The R engine died or brings no workers; starting it again.");
            engines.values().forEach(Engines::retire);
            engines.clear();
            EngineUse dead = base.use();
            ends.execute(dead::retire);
            base = startBase();
        }
        return base;
    }

    /** Starts the base engine again if it died. */
    void revive() {
        base();
    }

    private BaseEngine startBase() {
        String name = "b" + started.incrementAndGet();
        RequestDirectories own = directoriesOf(name);
        WorkerLimits limits = config.limits();
        ObjectNode settings = JsonNodeFactory.instance.objectNode().put("idle", config.idleWorkers());
        Requests.put(settings, "preload", config.preload());
        ObjectNode walls = settings.putObject("walls")
                .put("confine", limits.mode() != SandboxMode.OFF)
                .put("network", limits.network())
                .put("user", own.users().first())
                .put("users", users.ofEngine())
                .put("range", users.range())
                .put("data", directories.data().toString())
                .put("sockets", directories.sockets().toString());
        walls.set("limits", limits.resources());
        Requests.put(walls, "readable", servedParts());
        Requests.put(walls, "writable", List.of(directories.sockets(), directories.boxes()));
        Requests.put(
                walls,
                "libraries",
                Stream.concat(Stream.of(workerPackage.library()), libraries.global().stream())
                        .toList());
        Path socket = directories.sockets().resolve(name);
        return new BaseEngine(workerPackage.library(), settings, socket, own, share(), users::giveBack);
    }

    private Optional<ControlGroup> share() {
        try {
            return shares.isPresent() ? Optional.of(shares.get().make()) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("Engines share the processors as any other processes", e);
            return Optional.empty();
        }
    }

    /** What of the server's data engines may read, each as far as it is let into a package's engine. */
    private List<Path> servedParts() {
        return Stream.concat(
                        SERVED.stream().map(directories.data()::resolve).map(Engines::made),
                        Stream.of(directories.work()))
                .toList();
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a part of the data directory", e);
        }
    }

    @Override
    public void close() {
        admission.close();
        watch.close();
        synchronized (this) {
            closed = true;
            engines.values().forEach(Engines::retire);
            engines.clear();
            base.close();
        }
        awaitEnd(turnEnds);
        awaitEnd(ends);
        users.close();
    }

    /** What is left then goes with the next start. */
    private static void awaitEnd(ThreadPoolExecutor tasks) {
        tasks.shutdown();
        try {
            if (!tasks.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Directories of engines stay until the next start.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
