package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * An engine that has one package loaded: a worker of the base engine that stayed to fork workers of its own. The connection
 * that started it is its lifeline. It closes when it was retired and its last request is done, so requests in flight finish on the
 * version they began with. Thread-safe.
 */
final class PackageEngine {
    private final PackageRef ref;
    private final Path socket;
    private final Worker lifeline;
    private final WorkerEnds ends;
    private int inFlight;
    private boolean retired;

    /**
     * Loads the package; takes as long as that takes.
     *
     * @throws CallFailedException when R cannot load it, with R's message
     */
    PackageEngine(PackageRef ref, BaseEngine base, EngineStart start) {
        this.ref = ref;
        this.socket = start.socket();
        this.ends = base.ends();
        this.lifeline = base.worker();
        try {
            Reply reply = lifeline.call(start.request(), start.limit());
            if (reply.status() != 200) {
                throw new CallFailedException("Package " + ref.name() + " does not load: "
                        + reply.error().orElse("no reason given"));
            }
        } catch (RpcException e) {
            lifeline.close();
            throw e;
        }
    }

    /** What the base engine needs to start another engine. */
    record EngineStart(Path socket, ObjectNode request, TimeLimit limit) {}

    PackageRef ref() {
        return ref;
    }

    /**
     * Bytes of memory that the engine takes: its own, and its share of what it has in common with other processes (proc(5), Pss).
     * 0 when it is gone.
     */
    long memory() {
        Path file = Path.of("/proc", Integer.toString(lifeline.pid()), "smaps_rollup");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    /** False when the engine is going away: ask for another one. */
    synchronized boolean enter() {
        if (retired) {
            return false;
        }
        inFlight++;
        return true;
    }

    synchronized void leave() {
        inFlight--;
        closeWhenUnused();
    }

    synchronized void retire() {
        retired = true;
        closeWhenUnused();
    }

    private void closeWhenUnused() {
        if (retired && inFlight == 0) {
            lifeline.close();
        }
    }

    Worker worker() {
        return new Worker(socket, ends);
    }
}
