package org.ocpu.builder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.ocpu.app.DaemonThreads;
import org.ocpu.app.DiskReserve;
import org.ocpu.app.RSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps libraries in sync with repositories. Thread-safe.
 *
 * <p>The runs of one library are made one after another, those of different ones at the same time.
 */
public final class SyncService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SyncService.class);
    private static final int KEPT_RUNS = 100;
    private static final int KEPT_TAILS = 20;

    private final Map<String, SyncConfig> syncs = new TreeMap<>();
    private final Map<String, SyncLibrary> libraries = new HashMap<>();
    private final Map<String, Demands> demands = new HashMap<>();
    private final Parts parts;
    private final BuildScheduler scheduler;
    private final Map<Long, ActiveRun> active = new ConcurrentHashMap<>();
    private final ExecutorService followers = Executors.newCachedThreadPool(DaemonThreads.named("sync-follower"));
    private boolean closed;

    /** What the service works with. */
    record Parts(
            Sandbox sandbox,
            LoadChecker checker,
            Retirement retirement,
            RSystem r,
            SyncStore store,
            SyncReport report,
            DiskReserve reserve) {}

    /** A run that has not ended. */
    private record ActiveRun(SyncProgress progress, StopSignal stop, SyncRun.Limits limits) {}

    /** @param data the server's data directory, without links */
    SyncService(BuilderConfig config, Path data, Parts parts, BuildScheduler scheduler) {
        this.parts = parts;
        this.scheduler = scheduler;
        config.syncs()
                .forEach((name, sync) -> syncs.put(name, sync.forR(parts.r().version())));
        for (String name : SyncConfig.LIBRARIES) {
            SyncLibrary library = new SyncLibrary(name, data, parts);
            libraries.put(name, library);
            demands.put(name, new Demands(library, config.onDemand().get(name), parts.r(), this::startAsked));
        }
    }

    /** Takes up what a crash interrupted or the server slept through, and from now on runs each sync when its time comes. */
    void start() {
        Set<String> due = new HashSet<>();
        parts.store().endInterrupted().forEach(run -> due.add(run.sync()));
        for (SyncConfig sync : syncs.values()) {
            sync.cron().ifPresent(cron -> scheduler.sync(sync.name(), cron, sync.zone()));
            if (due.contains(sync.name())) {
                start(sync, "restart");
            } else if (missed(sync)) {
                start(sync, "schedule");
            }
        }
        demands.values().forEach(Demands::prepare);
    }

    /** A sync that never ran begins when its time comes. */
    private boolean missed(SyncConfig sync) {
        Optional<SyncRunView> last = parts.store().ofSync(sync.name(), OptionalLong.empty(), 1).stream()
                .findFirst();
        return last.isPresent()
                && sync.cron().isPresent()
                && BuildScheduler.missed(
                        sync.cron().get(), sync.zone(), last.get().startedAt());
    }

    /** All configured syncs, by name. */
    public List<SyncView> syncs() {
        return syncs.values().stream().map(this::view).toList();
    }

    /**
     * One of them.
     *
     * @throws UnknownNameException when none of that name is configured
     */
    public SyncView sync(String name) {
        return view(known(name));
    }

    private SyncConfig known(String name) {
        SyncConfig sync = syncs.get(name);
        if (sync == null) {
            throw new UnknownNameException("no sync %s is configured on this server".formatted(name));
        }
        return sync;
    }

    private SyncView view(SyncConfig sync) {
        return new SyncView(
                sync.name(),
                sync.library(),
                sync.repositories().stream().map(RepositoryFiles::shown).toList(),
                sync.wanted().toString(),
                sync.cron(),
                sync.zone(),
                sync.parallel(),
                sync.prune(),
                scheduler.nextSync(sync.name()),
                library(sync).snapshots().packages().size(),
                running(sync.name()).map(run -> run.progress().run()),
                last(sync.name()));
    }

    private Optional<SyncRunView> last(String name) {
        return active(name)
                .map(run -> run.progress().run())
                .filter(run -> run.state().finished()) // and about to be kept
                .max(Comparator.comparingLong(SyncRunView::id))
                .or(() -> parts.store().ofSync(name, OptionalLong.empty(), 10).stream()
                        .filter(run -> run.state().finished())
                        .findFirst());
    }

    private SyncLibrary library(SyncConfig sync) {
        return libraries.get(sync.library());
    }

    private Optional<ActiveRun> running(String name) {
        return active(name)
                .filter(run -> !run.progress().run().state().finished())
                .findFirst();
    }

    /** With those that have ended and are about to be reported. */
    private Stream<ActiveRun> active(String name) {
        return active.values().stream()
                .filter(run -> run.progress().config().name().equals(name));
    }

    /**
     * Starts a run, unless one of this sync waits or runs already.
     *
     * @return the new run, or the one that is there
     * @throws UnknownNameException when no sync of that name is configured
     */
    public SyncRunView run(String name) {
        return start(known(name), "admin");
    }

    /** Its time has come. */
    void scheduled(String name) {
        start(known(name), "schedule");
    }

    private synchronized SyncRunView start(SyncConfig sync, String cause) {
        return running(sync.name())
                .map(ActiveRun::progress)
                .orElseGet(() -> start(sync, cause, SyncRun.Limits.NONE))
                .run();
    }

    private synchronized SyncProgress startAsked(SyncConfig sync, SyncRun.Limits limits) {
        SyncProgress progress = start(sync, "request", limits);
        progress.note("asked for: " + sync.wanted());
        return progress;
    }

    private SyncProgress start(SyncConfig sync, String cause, SyncRun.Limits limits) {
        if (closed) {
            throw new BuildStopped();
        }
        SyncProgress progress = new SyncProgress(parts.store().add(sync, cause), sync, cause);
        ActiveRun run = new ActiveRun(progress, new StopSignal(), limits);
        active.put(progress.id(), run);
        library(sync).enqueue(() -> execute(run));
        return progress;
    }

    private void execute(ActiveRun run) {
        SyncProgress progress = run.progress();
        SyncRunState state = SyncRunState.FAILED;
        try {
            state = run.stop().stopped()
                    ? SyncRunState.STOPPED
                    : library(progress.config())
                            .run(progress, run.stop(), run.limits())
                            .call();
        } catch (RuntimeException | Error e) {
            log.error(
                    "run {} of the sync {} failed",
                    progress.id(),
                    progress.config().name(),
                    e);
            progress.problem("an error of this server; its log tells more under run " + progress.id());
        } finally {
            end(run, state);
        }
    }

    private void end(ActiveRun run, SyncRunState state) {
        SyncProgress progress = run.progress();
        boolean kept = state != SyncRunState.STOPPED || run.stop().cancelled(); // else the next start goes on with it
        SyncRunView ended = progress.end(state);
        try {
            if (kept) {
                parts.store().keep(ended);
                parts.report().send(progress.config(), ended, progress.packages());
                parts.store().forgetBeyond(ended.sync(), KEPT_RUNS);
                parts.store().forgetTailsBeyond(ended.sync(), KEPT_TAILS);
            }
        } finally {
            active.remove(progress.id());
        }
    }

    /**
     * What a run would do now; asks the repositories, changes nothing.
     *
     * @throws UnknownNameException when no sync of that name is configured
     * @throws BuilderException when a repository cannot be asked
     */
    public SyncPlanView plan(String name) {
        SyncConfig sync = known(name);
        SyncPlan plan = library(sync).planning().plan(sync, new StopSignal());
        return plan.view(sync, library(sync).snapshots().packages());
    }

    /**
     * Ends a run that waits or runs; what is live by then stays.
     *
     * @return the run as it stands now; a running one ends a moment later
     * @throws UnknownNameException when there is no such run
     * @throws ConflictException when it has ended
     */
    public SyncRunView cancel(long run) {
        ActiveRun found = active.get(run);
        if (found == null) {
            SyncRunState state = find(run)
                    .orElseThrow(() -> new UnknownNameException("there is no run " + run))
                    .state();
            throw new ConflictException("run %d has %s already".formatted(run, state.label()));
        }
        found.progress().cancel();
        found.stop().cancel();
        return found.progress().run();
    }

    /**
     * The runs of a sync, newest first.
     *
     * @param before only those before this one
     */
    public List<SyncRunView> runs(String name, OptionalLong before, int limit) {
        if (!name.equals(SyncRunView.ON_DEMAND)) {
            known(name);
        }
        Map<Long, ActiveRun> first = Map.copyOf(active); // what ends meanwhile is kept by then, or is in here
        return parts.store().ofSync(name, before, limit).stream()
                .map(run -> Optional.ofNullable(first.get(run.id()))
                        .map(now -> now.progress().run())
                        .orElse(run))
                .toList();
    }

    public Optional<SyncRunView> find(long run) {
        return Optional.ofNullable(active.get(run))
                .map(now -> now.progress().run())
                .or(() -> parts.store().find(run));
    }

    /** The packages that a run adds, updates, removes or fails at. */
    public List<SyncPackageView> packages(long run) {
        return packages(run, Integer.MAX_VALUE);
    }

    /**
     * The same of a run that may have failed at thousands of packages.
     *
     * @param tails of how many, in each state, R's last words are wanted, if it has ended
     */
    public List<SyncPackageView> packages(long run, int tails) {
        return Optional.ofNullable(active.get(run))
                .map(now -> now.progress().packages())
                .orElseGet(() -> parts.store().packages(run, tails));
    }

    /**
     * Tells the listener how the run and each of its packages stand now, then of each change, then that it ended.
     *
     * @return to be closed when the listener does not want to hear more
     */
    public LogSubscription follow(long run, SyncListener listener) {
        Optional<SyncProgress> progress = Optional.ofNullable(active.get(run)).map(ActiveRun::progress);
        AtomicBoolean cancelled = new AtomicBoolean();
        followers.execute(() -> {
            try {
                if (progress.isPresent()) {
                    follow(progress.get(), listener, cancelled);
                } else {
                    parts.store().find(run).ifPresent(listener::run);
                    parts.store().packages(run, Integer.MAX_VALUE).forEach(listener::changed);
                    listener.end();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) { // a listener whose client has gone says so by throwing
                log.debug("following run {} ended", run, e);
            }
        });
        return () -> {
            cancelled.set(true);
            progress.ifPresent(SyncProgress::nudge);
        };
    }

    private static void follow(SyncProgress progress, SyncListener listener, AtomicBoolean cancelled)
            throws InterruptedException {
        long known = 0;
        while (!cancelled.get()) {
            SyncProgress.News news = progress.await(known, cancelled::get);
            known = news.upTo();
            news.packages().forEach(listener::changed);
            news.run().ifPresent(listener::run);
            if (news.run().filter(run -> run.state().finished()).isPresent()) {
                listener.end();
                return;
            }
        }
    }

    /**
     * A request needs a package that the library does not have: starts its installation where requests may, once.
     *
     * @param library one of {@link org.ocpu.app.SyncedLibrary#NAMES}
     * @param patience how long to wait for it, at most
     */
    public Demand demand(String library, String name, Duration patience) throws InterruptedException {
        return demands.get(library).demand(name, patience, () -> activeIn(library));
    }

    private Collection<SyncProgress> activeIn(String library) {
        return active.values().stream()
                .map(ActiveRun::progress)
                .filter(run -> run.config().library().equals(library))
                .toList();
    }

    /** Begins no more runs and has those that run end; they go on after the next start. Does not wait for that. */
    void drain() {
        synchronized (this) {
            closed = true;
        }
        demands.values().forEach(Demands::close); // before the runs end, which requests wait for
        active.values().forEach(run -> run.stop().stop());
    }

    /** Ends the runs, which go on after the next start. */
    @Override
    public void close() {
        drain();
        libraries.values().forEach(SyncLibrary::close);
        followers.shutdown();
    }
}
