package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All engines: the base engine, and the most recently used package engines, as far as {@code engines.max} and {@code engines.memory}
 * allow. Starts one when a package is first asked for, retires the engine of an older version of the same place, starts the base
 * engine again when it died. At most {@code workers.max} requests run at once. Thread-safe.
 */
final class Engines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    private static final Set<String> IN_EVERY_R =
            Set.of("base", "stats", "graphics", "grDevices", "utils", "datasets", "methods");

    private static final int NO_MORE_WAITING = 1_000_000;

    private final AppConfig config;
    private final WorkerPackage workerPackage;
    private final Requests requests;
    private final Path sockets;
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong started = new AtomicLong();
    private final Map<PackageRef, CompletableFuture<PackageEngine>> engines = new LinkedHashMap<>(16, 0.75f, true);
    private BaseEngine base;
    private volatile boolean draining;
    private boolean closed;

    Engines(AppConfig config, WorkerPackage workerPackage, Requests requests, Path sockets) {
        this.config = config;
        this.workerPackage = workerPackage;
        this.requests = requests;
        this.sockets = sockets;
        this.places = new Semaphore(config.maxWorkers(), true);
        this.base = startBase();
    }

    /** Has a worker with that package loaded answer the request; without a package, one that has only what every R has. */
    Reply ask(Optional<PackageRef> ref, ObjectNode request, TimeLimit limit) {
        enter(limit);
        try {
            Optional<PackageRef> own = ref.filter(r -> !IN_EVERY_R.contains(r.name()) || !r.isGlobal());
            return own.isPresent() ? askPackage(own.get(), request, limit) : askBase(request, limit);
        } finally {
            places.release();
        }
    }

    private void enter(TimeLimit limit) {
        if (places.tryAcquire()) {
            return;
        }
        if (waiting.incrementAndGet() > config.queue()) {
            waiting.decrementAndGet();
            throw new OverloadedException("All workers are busy. Try again in a moment.");
        }
        try {
            if (!places.tryAcquire(limit.duration().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new OverloadedException("No worker became free within " + limit + ".");
            }
            if (draining) {
                places.release();
                throw new OverloadedException("The server is shutting down.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverloadedException("The server is shutting down.");
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** From now on nobody waits for a place: who does is refused, and what requests that run still need they get at once. */
    void drain() {
        draining = true;
        places.release(NO_MORE_WAITING);
    }

    private Reply askBase(ObjectNode request, TimeLimit limit) {
        try (Worker worker = base().worker()) {
            return worker.call(request, limit);
        }
    }

    private Reply askPackage(PackageRef ref, ObjectNode request, TimeLimit limit) {
        PackageEngine engine = take(ref);
        try (Worker worker = engine.worker()) {
            return worker.call(request, limit);
        } catch (EngineException gone) {
            forget(ref, engine);
            throw gone;
        } finally {
            engine.leave();
        }
    }

    /** The engine of that version, entered. */
    private PackageEngine take(PackageRef ref) {
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
            if (ready.enter()) {
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
        Path socket = sockets.resolve("e" + started.incrementAndGet());
        TimeLimit limit = new TimeLimit("timelimit.post", config.postLimit());
        try (RequestDirectory directory = requests.open()) {
            ObjectNode request = requests.header("engine", directory, Optional.of(ref))
                    .put("socket", socket.toString())
                    .put("idle", config.idleWorkers());
            engine.complete(new PackageEngine(ref, base(), new PackageEngine.EngineStart(socket, request, limit)));
            LOG.info("Engine of {} ready in {} ms", ref.place(), (System.nanoTime() - begin) / 1_000_000);
            retireOthers(ref);
        } catch (RuntimeException e) {
            LOG.info("No engine for {}: {}", ref.place(), e.getMessage());
            synchronized (this) {
                engines.remove(ref, engine);
            }
            engine.completeExceptionally(e);
        }
    }

    /** Older versions of the same place, and the least recently used ones beyond the bounds of number and memory. */
    private synchronized void retireOthers(PackageRef newest) {
        int excess = engines.size() - config.maxEngines();
        long excessMemory = memory() - config.engineMemory();
        for (PackageRef ref : List.copyOf(engines.keySet())) {
            CompletableFuture<PackageEngine> engine = engines.get(ref);
            boolean older = ref.place().equals(newest.place());
            if (!ref.equals(newest) && engine.isDone() && (older || excess > 0 || excessMemory > 0)) {
                excess--;
                excessMemory -= memory(engine);
                engines.remove(ref);
                retire(engine);
            }
        }
    }

    /** Bytes of memory that all package engines take. */
    synchronized long memory() {
        return engines.values().stream().mapToLong(Engines::memory).sum();
    }

    private static long memory(CompletableFuture<PackageEngine> engine) {
        return engine.isDone() && !engine.isCompletedExceptionally()
                ? engine.join().memory()
                : 0;
    }

    private synchronized void forget(PackageRef ref, PackageEngine engine) {
        CompletableFuture<PackageEngine> known = engines.get(ref);
        if (known != null && known.isDone() && join(known) == engine) {
            engines.remove(ref);
        }
        engine.retire();
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
            engine.join().retire();
        }
    }

    private synchronized BaseEngine base() {
        if (closed) {
            throw new OverloadedException("The server is shutting down.");
        }
        if (!base.isAlive()) {
            LOG.warn("The R engine died; starting it again.");
            engines.values().forEach(Engines::retire);
            engines.clear();
            base = startBase();
        }
        return base;
    }

    private BaseEngine startBase() {
        return new BaseEngine(workerPackage, config, sockets.resolve("b" + started.incrementAndGet()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        engines.values().forEach(Engines::retire);
        engines.clear();
        base.close();
    }
}
