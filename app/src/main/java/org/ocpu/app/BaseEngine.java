package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The R process that every other engine and worker descends from. Its standard input is the lifeline: it ends when this object is
 * closed or the server dies, and all its descendants with it. Its standard output carries events (see {@code ocpu.worker}'s {@code
 * engine}), its standard error goes to the log.
 */
final class BaseEngine implements Engine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BaseEngine.class);
    private static final long START_SECONDS = 60;
    private static final long END_SECONDS = 5;

    private final WorkerEnds ends = new WorkerEnds();
    private final CompletableFuture<Walls> ready = new CompletableFuture<>();
    private final CountDownLatch gone = new CountDownLatch(1);
    private final RequestDirectories directories;
    private final Optional<ControlGroup> group;
    private final Consumer<UserPart> whenEnded;
    private final EngineUse use = new EngineUse(this::close);
    private final LoadedNamespaces loaded = new LoadedNamespaces();
    private final Process process;
    private final Path socket;

    /**
     * Starts R and returns once it accepts requests.
     *
     * @param library that holds {@code ocpu.worker}
     * @param settings as {@code ocpu.worker}'s {@code engine} takes them, but for the socket
     * @param group what it and all that comes of it are to be in
     * @param whenEnded told once it has ended whose users are nobody's then
     */
    BaseEngine(
            Path library,
            ObjectNode settings,
            Path socket,
            RequestDirectories directories,
            Optional<ControlGroup> group,
            Consumer<UserPart> whenEnded) {
        this.socket = socket;
        this.directories = directories;
        this.group = group;
        this.whenEnded = whenEnded;
        try {
            this.process = start(library, settings.put("socket", socket.toString()), socket);
        } catch (RuntimeException e) {
            leave();
            throw e;
        }
        group.ifPresent(this::join);
        EngineEvents.follow("events", process.getInputStream(), this::event, this::ended);
        EngineEvents.follow("messages", process.getErrorStream(), line -> LOG.info("R: {}", line), () -> {});
        awaitReady();
    }

    private static Process start(Path library, ObjectNode settings, Path socket) {
        // Neither attached nor in the global environment: calls see R as it starts.
        String program = "local({ arguments <- commandArgs(TRUE);"
                + " worker <- loadNamespace(\"ocpu.worker\", lib.loc = arguments[1]);"
                + " worker$engine(arguments[2]) })";
        // The heap starts large enough for a short call not to collect garbage, which would touch, and so copy, all of
        // it; but
        // not so large that what is loaded is mixed with much garbage.
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "R",
                "--vanilla",
                "--no-echo",
                "--min-nsize=1500k",
                "--min-vsize=64M",
                "-e",
                program,
                "--args",
                library.toString(),
                settings.toString()));
        Map<String, String> environment = builder.environment();
        String path = systemPart(environment.getOrDefault("PATH", ""));
        environment.clear();
        environment.putAll(
                Map.of("PATH", path, "LANG", "C.UTF-8", "LC_ALL", "C.UTF-8", "TZ", "UTC", "HOME", "/nonexistent"));
        // What workers allocate beyond the engine's heap comes in huge pages (see heap.c).
        environment.put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        environment.put("TMPDIR", socket.getParent().toString());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new EngineException("R cannot be started. Is it installed?", e);
        }
    }

    /** Of a search path, what workers can get at: directories of the system, not of whoever started the server. */
    private static String systemPart(String path) {
        Stream<String> own =
                Stream.of(path.split(":")).filter(directory -> directory.matches("/(usr|bin|sbin|opt|nix|gnu)(/.*)?"));
        return Stream.concat(own, Stream.of("/usr/local/bin", "/usr/bin", "/bin"))
                .distinct()
                .collect(Collectors.joining(":"));
    }

    private void join(ControlGroup own) {
        try {
            own.add(process.pid());
        } catch (IOException e) {
            LOG.warn("Engines share the processors as any other processes", e);
        }
    }

    private void awaitReady() {
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            close();
            throw new EngineException("The R engine did not start; its messages are in the log.", e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new EngineException("Interrupted while the R engine was starting.", e);
        }
    }

    private void event(String line) {
        String[] parts = line.split(" ");
        if (parts[0].equals("ready")) {
            ready.complete(Walls.parse(WorkerUsers.isRoot(), line));
        } else if (parts[0].equals("exit") && parts.length == 5) {
            ends.report(Integer.parseInt(parts[1]), WorkerEnd.parse(parts));
        } else if (parts[0].equals("loaded")) {
            loaded.told(parts);
        }
    }

    /** The event channel is open as long as the engine or anything it forked lives. */
    private void ended() {
        ends.engineLost();
        gone.countDown();
        ready.completeExceptionally(new EngineException("R ended while it was starting."));
    }

    /** Whether it runs and brings workers. */
    boolean isAlive() {
        return process.isAlive() && !ends.noneComes();
    }

    /** What its workers are confined by. */
    Walls walls() {
        return ready.join();
    }

    /** Everything that belongs to the engines is below this process. */
    long pid() {
        return process.pid();
    }

    EngineUse use() {
        return use;
    }

    /** @param engines that came of it */
    EngineView view(EngineLook look, List<PackageEngine> engines) {
        return new EngineView(
                directories.root().getFileName().toString(),
                "base",
                "",
                loaded.since(),
                use.lastUsed(),
                use.inFlight(),
                look.idleOfBase(engines),
                look.memoryOfBase(engines),
                loaded.names());
    }

    @Override
    public Worker worker(TimeLimit limit) {
        return new Worker(socket, ends, limit);
    }

    @Override
    public RequestDirectories directories() {
        return directories;
    }

    @Override
    public List<Long> processes(ProcessTree tree, int worker) {
        return tree.below(pid(), worker);
    }

    /** Ends the engine and returns when nothing that it forked is left. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!gone.await(END_SECONDS, TimeUnit.SECONDS) || !process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The R engine did not end by itself.");
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        leave();
    }

    /** What it had is nobody's now. */
    private void leave() {
        group.ifPresent(own -> {
            own.killAll(); // they are being ended, and it can go when it is empty
            own.close();
        });
        directories.close();
        try {
            Files.deleteIfExists(socket);
            Trees.delete(Path.of(socket + ".tmp"));
        } catch (IOException e) {
            LOG.warn("Files of the R engine stay until the next start: {}", e.getMessage());
        }
        whenEnded.accept(directories.users());
    }
}
