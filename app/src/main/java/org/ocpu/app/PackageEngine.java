package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine that has one package loaded: a worker of the base engine that stayed to fork workers of its own. The connection
 * that started it is its lifeline, and brings its events. It closes when it was retired and its last request is done, so requests in
 * flight finish on the version they began with. Thread-safe.
 */
final class PackageEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(PackageEngine.class);

    private final PackageRef ref;
    private final Path socket;
    private final RequestDirectories directories;
    private final Worker lifeline;
    private final BaseEngine base;
    private final WorkerWatch watch;
    private final Consumer<CompletableFuture<?>> whenClosed;
    private final WorkerEnds ends = new WorkerEnds();
    private final EngineUse use = new EngineUse(this::close);
    private final LoadedNamespaces loaded = new LoadedNamespaces();

    /**
     * Loads the package; takes as long as that takes.
     *
     * @param start what the base engine's worker is asked
     * @throws CallFailedException when R cannot load it, with R's message
     * @throws WorkerLostException when loading it ended R
     */
    PackageEngine(PackageRef ref, BaseEngine base, WorkerWatch watch, EngineStart start) {
        this.ref = ref;
        this.base = base;
        this.watch = watch;
        this.socket = start.socket();
        this.directories = start.directories();
        this.whenClosed = start.whenClosed();
        this.lifeline = connected(base, start);
        try {
            lifeline.meet();
            Reply reply = watch.overBecoming(base, lifeline, directories.boxes(), () -> load(start.request()));
            if (reply.status() != 200) {
                throw new CallFailedException("Package " + ref.name() + " does not load: "
                        + reply.error().orElse("no reason given"));
            }
            tellPromoted(start.limit());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        EngineEvents.follow("events of " + ref.place(), lifeline.rest(), this::event, this::ended);
    }

    private static Worker connected(BaseEngine base, EngineStart start) {
        try {
            return base.worker(start.limit());
        } catch (RuntimeException e) {
            start.whenClosed().accept(CompletableFuture.completedFuture(null));
            throw e;
        }
    }

    private Reply load(ObjectNode request) {
        try {
            return lifeline.becomeEngine(request);
        } catch (WorkerLostException e) {
            throw new WorkerLostException("Package " + ref.name() + " does not load: " + e.getMessage());
        }
    }

    /** By a worker that has run no code of the package. */
    private void tellPromoted(TimeLimit limit) {
        try (Worker messenger = base.worker(limit)) {
            messenger.meet();
            messenger.tellPromoted(lifeline.pid());
        } catch (WorkerLostException e) {
            throw new EngineException("The R engine ended while it started another one.", e);
        }
    }

    /**
     * What the base engine needs to start another engine.
     *
     * @param whenClosed told once when the engine is closed, or could not be started, and then when it has ended: what it had is
     *     nobody's then
     */
    record EngineStart(
            Path socket,
            RequestDirectories directories,
            ObjectNode request,
            TimeLimit limit,
            Consumer<CompletableFuture<?>> whenClosed) {}

    private void event(String line) {
        String[] parts = line.split(" ");
        if (parts[0].equals("exit") && parts.length == 5) {
            try {
                ends.report(Integer.parseInt(parts[1]), WorkerEnd.parse(parts));
            } catch (NumberFormatException e) {
                LOG.warn("The engine of {} tells what is no event", ref.place());
            }
        } else if (parts[0].equals("loaded")) {
            loaded.told(parts);
        }
    }

    /** The next request finds another one. */
    private void ended() {
        ends.engineLost();
        use.retire();
    }

    /** Not that of any other engine of this server. */
    String id() {
        return directories.root().getFileName().toString();
    }

    PackageRef ref() {
        return ref;
    }

    /** As the base engine knows it. */
    int pid() {
        return lifeline.pid();
    }

    EngineUse use() {
        return use;
    }

    EngineView view(EngineLook look) {
        return new EngineView(
                id(),
                ref.name(),
                ref.place(),
                loaded.since(),
                use.lastUsed(),
                use.inFlight(),
                look.idle(this),
                look.memory(this),
                loaded.names());
    }

    private void close() {
        lifeline.close();
        whenClosed.accept(watch.leaving(base, lifeline));
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("The socket of an engine stays until the next start: {}", e.getMessage());
        }
    }

    @Override
    public Worker worker(TimeLimit limit) {
        return new Worker(socket, ends, limit);
    }

    @Override
    public RequestDirectories directories() {
        return directories;
    }

    /** What its workers say of themselves is up to the package. */
    @Override
    public List<Long> processes(ProcessTree tree, int worker) {
        return tree.seen(pid()).map(own -> tree.below(own, worker)).orElse(List.of());
    }
}
