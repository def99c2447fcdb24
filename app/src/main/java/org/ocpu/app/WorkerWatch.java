package org.ocpu.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends requests that use more memory, processes or disk than one may. The kernel's own limits are for each process; these are for all
 * that a request starts. Looks a few times a second at requests that have run for a while, and at none when there are none. Where the
 * server may make control groups, each of these gets one, in which the kernel counts, too: joining one takes milliseconds, which short
 * calls need not wait for.
 */
final class WorkerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);
    private static final long LOOK_MILLIS = 250;
    private static final Duration GIVE_UP = Duration.ofSeconds(10);

    /** More than any that becomes a session, see {@link SessionFiles}, and few enough to count them again and again. */
    private static final long MOST_FILES = 100_000;

    private final WorkerLimits limits;
    private final LongSupplier engines;
    private final Optional<ControlGroups> groups;
    private final Set<Watched> all = ConcurrentHashMap.newKeySet();
    private final Set<Leaving> leaving = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("worker-watch"));

    private final ScheduledFuture<?> looks;

    /**
     * @param most how many requests there may be at a time
     * @param engines the process that all engines and workers are below
     */
    WorkerWatch(WorkerLimits limits, int most, LongSupplier engines) {
        this.limits = limits;
        this.engines = engines;
        this.groups = limits.mode() == SandboxMode.OFF
                ? Optional.empty()
                : ControlGroups.ofCalls(limits.memory(), limits.processes(), most);
        this.looks = clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether the kernel counts the memory and the processes of a request, too. */
    boolean hasGroups() {
        return groups.isPresent();
    }

    /** One request and where it works. */
    private static final class Watched {
        private final Engine engine;
        private final Worker worker;
        private final Path box;
        private final boolean stays;
        private final long since = System.nanoTime();
        private final Set<Long> joined = new HashSet<>();
        private ControlGroup group;
        private boolean over;

        /** @param stays whether its processes go on when the request is over */
        Watched(Engine engine, Worker worker, Path box, boolean stays) {
            this.engine = engine;
            this.worker = worker;
            this.box = box;
            this.stays = stays;
        }

        boolean hasRunAWhile() {
            return System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
        }

        /** Only while the request runs, so that its group is closed when that is over. */
        synchronized void join(ControlGroups groups, List<Long> processes) {
            if (over || stays || processes.isEmpty()) {
                return;
            }
            try {
                if (group == null) {
                    group = groups.make();
                }
            } catch (IOException e) {
                LOG.warn("No control group can be made for a request: {}", e.getMessage());
                return;
            }
            processes.forEach(this::join);
        }

        /** What it starts from then on joins by itself. */
        private void join(long process) {
            try {
                if (joined.add(process)) {
                    group.add(process);
                }
            } catch (IOException gone) {
                LOG.debug("A process ended before it was in its control group: {}", gone.getMessage());
            }
        }

        synchronized boolean ranOutOfMemory() {
            return group != null && group.ranOutOfMemory();
        }

        synchronized Optional<ControlGroup> end() {
            over = true;
            return Optional.ofNullable(group);
        }
    }

    /** A worker that has nothing more to do. */
    private record Leaving(Engine engine, Worker worker, long since) {
        boolean longerThan(Duration time) {
            return System.nanoTime() - since > time.toNanos();
        }
    }

    /**
     * Ends a worker that does not end by itself in a moment.
     *
     * @return told when it has ended; fails when its engine does not say so after some seconds
     */
    CompletableFuture<WorkerEnd> leaving(Engine engine, Worker worker) {
        if (worker.ended().isDone()) {
            return worker.ended();
        }
        Leaving leaver = new Leaving(engine, worker, System.nanoTime());
        leaving.add(leaver);
        return worker.ended().whenComplete((end, untold) -> leaving.remove(leaver));
    }

    /** Watches over the worker as long as that takes. */
    <T> T over(Engine engine, Worker worker, RequestDirectory directory, Supplier<T> call) {
        return over(new Watched(engine, worker, directory.path(), false), call);
    }

    /**
     * Watches over a worker that is to become an engine as long as that takes.
     *
     * @param base whose worker it is until then
     * @param box all that it may write to
     */
    <T> T overBecoming(Engine base, Worker worker, Path box, Supplier<T> call) {
        return over(new Watched(base, worker, box, true), call);
    }

    private <T> T over(Watched watched, Supplier<T> call) {
        all.add(watched);
        try {
            return call.get();
        } catch (WorkerLostException e) {
            throw watched.ranOutOfMemory() ? new WorkerLostException(tooMuchMemory()) : e;
        } finally {
            all.remove(watched);
            watched.end().ifPresent(group -> clock.execute(() -> remove(group)));
        }
    }

    /** The workers whose requests run now, as the server sees them. */
    Set<Long> running(ProcessTree tree) {
        return all.stream()
                .flatMap(watched -> tree.seen(watched.worker.pid()).stream())
                .collect(Collectors.toSet());
    }

    /** With all that is left in it. */
    private static void remove(ControlGroup group) {
        group.killAll();
        group.close();
    }

    private void look() {
        List<Watched> running = all.stream().filter(Watched::hasRunAWhile).toList();
        List<Leaving> staying = leaving.stream()
                .filter(worker -> worker.longerThan(Duration.ofMillis(LOOK_MILLIS)))
                .toList();
        if (running.isEmpty() && staying.isEmpty()) {
            return;
        }
        try {
            ProcessTree tree = ProcessTree.of(engines.getAsLong());
            staying.forEach(worker -> end(worker, tree));
            // What takes long to look at comes last: others' limits do not wait for it.
            look(running, tree, (processes, watched) -> excess(processes));
            look(running, tree, (processes, watched) -> excess(processes, watched.box));
        } catch (RuntimeException | Error e) { // or there would be no further look
            LOG.error("Cannot watch over the workers", e);
        }
    }

    private void look(
            List<Watched> running, ProcessTree tree, BiFunction<List<Long>, Watched, Optional<String>> excess) {
        for (Watched watched : running) {
            List<Long> processes = watched.engine.processes(tree, watched.worker.pid());
            groups.ifPresent(kernel -> watched.join(kernel, processes));
            excess.apply(processes, watched).ifPresent(reason -> end(watched, processes, reason));
        }
    }

    private static void end(Leaving leaver, ProcessTree tree) {
        Worker worker = leaver.worker;
        if (leaver.longerThan(GIVE_UP)) {
            worker.ends().giveUp(worker.pid());
        } else {
            kill(leaver.engine.processes(tree, worker.pid()));
        }
    }

    private static void kill(List<Long> processes) {
        processes.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private void end(Watched watched, List<Long> processes, String reason) {
        if (all.contains(watched)) {
            LOG.info("A worker is ended. {}", reason);
            watched.worker.ends().because(watched.worker.pid(), reason);
            kill(processes);
        }
    }

    private Optional<String> excess(List<Long> processes) {
        if (processes.size() > limits.processes()) {
            return Optional.of(text("had more processes", "rlimit.nproc = " + limits.processes()));
        }
        if (sum(processes, true) > limits.memory() && sum(processes, false) > limits.memory()) {
            return Optional.of(tooMuchMemory());
        }
        return Optional.empty();
    }

    private Optional<String> excess(List<Long> processes, Path box) {
        DiskUse use = use(box);
        if (use.entries() > MOST_FILES) {
            return Optional.of(text("made more files and directories", Long.toString(MOST_FILES)));
        }
        if (use.space() + DeletedFiles.size(processes, limits.disk()) > limits.disk()) {
            return Optional.of(text("wrote more to disk", "workers.disk = " + limits.disk() + " bytes"));
        }
        return Optional.empty();
    }

    private String tooMuchMemory() {
        return text("used more memory", "workers.memory = " + limits.memory() + " bytes");
    }

    private static String text(String what, String limit) {
        return "The call was stopped because it " + what + " than the server allows (" + limit + ").";
    }

    /** What is resident is quick to tell and never less than its proportional part. */
    private static long sum(List<Long> processes, boolean quick) {
        return processes.stream()
                .mapToLong(pid -> quick ? ProcessTree.resident(pid) : ProcessTree.proportional(pid))
                .sum();
    }

    private DiskUse use(Path box) {
        try {
            return DiskUse.of(box, limits.disk(), MOST_FILES);
        } catch (IOException e) {
            LOG.debug("A working directory is gone: {}", e.getMessage());
            return new DiskUse(0, 0, 0);
        }
    }

    @Override
    public void close() {
        looks.cancel(false);
        clock.shutdownNow();
    }
}
