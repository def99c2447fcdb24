package org.ocpu.builder;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.ocpu.app.RSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packages of one library that requests have installed. Thread-safe. */
final class Demands implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Demands.class);
    private static final int MOST_WAITING = 16;
    private static final int MOST_FAILURES = 1_000;
    private static final Duration RETRY = Duration.ofMinutes(10);
    private static final Duration INSTALLATION = Duration.ofSeconds(5);
    private static final Duration OTHERS_INSTALLATION = Duration.ofSeconds(15);
    private static final Duration SYNC = Duration.ofSeconds(60);
    private static final Set<SyncPackageState> PLACED = Set.of(SyncPackageState.ADDED, SyncPackageState.UPDATED);

    private final SyncLibrary library;
    private final BuilderConfig.OnDemand settings;
    private final RSystem r;
    private final BiFunction<SyncConfig, SyncRun.Limits, SyncProgress> start;
    private final OfferedPackages offered;
    private final Map<String, SyncProgress> waiting = new HashMap<>();
    private final DemandFailures failures = new DemandFailures(MOST_FAILURES, RETRY);
    private boolean closed;

    /** @param start starts a run */
    Demands(
            SyncLibrary library,
            BuilderConfig.OnDemand settings,
            RSystem r,
            BiFunction<SyncConfig, SyncRun.Limits, SyncProgress> start) {
        this.library = library;
        this.settings = settings;
        this.r = r;
        this.start = start;
        this.offered = new OfferedPackages(
                library.name(), install("").repositories(), library.indexes(), OfferedPackages.Pauses.USUAL);
    }

    private SyncConfig install(String name) {
        return SyncConfig.onDemand(library.name(), name, settings).forR(r.version());
    }

    /** Learns what the repositories have before the first request asks. */
    void prepare() {
        if (settings.enabled()) {
            offered.names();
        }
    }

    /**
     * What becomes of a package, after waiting for that at most so long.
     *
     * @param active the runs of the library that have not ended
     */
    Demand demand(String name, Duration patience, Supplier<Collection<SyncProgress>> active)
            throws InterruptedException {
        Deadline deadline = Deadline.in(patience);
        Demand demand = demand(name, active);
        while (demand.unsettled() && !deadline.passed()) {
            if (demand.kind() == Demand.Kind.ASKING) {
                offered.await(deadline);
            } else {
                await(name, deadline, active);
            }
            demand = demand(name, active);
        }
        return demand;
    }

    private synchronized Demand demand(String name, Supplier<Collection<SyncProgress>> active) {
        if (!settings.enabled()) {
            return Demand.unknown("Package %s is not installed in %s.".formatted(shown(name), library.name()));
        }
        if (closed) {
            return Demand.busy("The server is shutting down.");
        }
        forgetEnded();
        if (library.snapshots().packages().containsKey(name)) {
            return Demand.installed("Package %s has just been installed.".formatted(name));
        }
        Collection<SyncProgress> now = active.get();
        return failures.find(name)
                .map(failure -> failed(name, failure))
                .or(() -> runOf(name, now).map(run -> pending(name, run, now)))
                .or(() -> refusal(name))
                .orElseGet(() -> begin(name, now));
    }

    private static Demand failed(String name, DemandFailures.Failure failure) {
        String message = "Package %s could not be installed: %s".formatted(name, failure.reason());
        return failure.full()
                ? Demand.full(Optional.of(failure.run()), message)
                : Demand.failed(
                        Optional.of(failure.run()), message, failure.until().remaining());
    }

    private static Demand pending(String name, SyncProgress run, Collection<SyncProgress> active) {
        List<SyncProgress> before = before(run, active);
        if (before.isEmpty()) {
            return Demand.pending(run.id(), "Package %s is being installed.".formatted(name), INSTALLATION);
        }
        SyncProgress first = before.get(0);
        return Demand.pending(
                run.id(),
                "Package %s will be installed after run %d (%s)%s."
                        .formatted(
                                name,
                                first.id(),
                                first.config().name(),
                                before.size() > 1 ? " and %d more".formatted(before.size() - 1) : ""),
                before.stream().allMatch(one -> one.config().asked()) ? OTHERS_INSTALLATION : SYNC);
    }

    /** Runs that have to end before this one begins, the first of them first. */
    private static List<SyncProgress> before(SyncProgress run, Collection<SyncProgress> active) {
        return active.stream()
                .filter(one -> run.run().state() == SyncRunState.WAITING)
                .filter(one -> one.id() < run.id() && !one.run().state().finished())
                .sorted(Comparator.comparingLong(SyncProgress::id))
                .toList();
    }

    private static String shown(String name) {
        return Text.line(name, 100);
    }

    private Optional<SyncProgress> runOf(String name, Collection<SyncProgress> active) {
        return Optional.ofNullable(waiting.get(name)).or(() -> active.stream()
                .filter(run ->
                        run.find(name).filter(one -> !one.state().finished()).isPresent())
                .findFirst());
    }

    private Optional<Demand> refusal(String name) {
        Optional<Set<String>> names = offered.names();
        if (names.isEmpty()) {
            return Optional.of(asking());
        }
        if (!names.get().contains(name)) {
            return Optional.of(Demand.unknown("There is no package %s in %s, and none in its repositories."
                    .formatted(shown(name), library.name())));
        }
        if (library.snapshots().asked() >= settings.packages()) {
            return Optional.of(Demand.full(
                    Optional.empty(),
                    "Package %s is not installed, and requests have had as many packages installed as they may (%s.ondemand.packages: %d)."
                            .formatted(name, library.name(), settings.packages())));
        }
        if (library.diskNearlyFull()) {
            return Optional.of(Demand.full(
                    Optional.empty(),
                    "Package %s is not installed, and the disk of this server is nearly full.".formatted(name)));
        }
        if (waiting.size() >= MOST_WAITING) {
            return Optional.of(Demand.busy("Too many packages are waiting to be installed."));
        }
        return Optional.empty();
    }

    private Demand asking() {
        String what = offered.trouble()
                .map("What the repositories have is not known: "::concat)
                .orElse("What the repositories have is being asked.");
        return Demand.asking(what, offered.pause());
    }

    private Demand begin(String name, Collection<SyncProgress> active) {
        try {
            SyncProgress run = start.apply(install(name), new SyncRun.Limits(settings.size(), settings.packages()));
            waiting.put(name, run);
            return pending(name, run, active);
        } catch (BuildStopped e) {
            return Demand.busy("The server is shutting down.");
        }
    }

    private void forgetEnded() {
        waiting.entrySet().removeIf(entry -> {
            SyncProgress run = entry.getValue();
            boolean ended = run.cancelled() || run.settled(entry.getKey()).isDone();
            if (ended) {
                failureOf(entry.getKey(), run)
                        .ifPresent(reason -> failures.remember(entry.getKey(), run.id(), reason, run.isFull()));
            }
            return ended;
        });
    }

    /** A run that ended without the package failed it, whatever came between, since the next one would do no better. */
    private Optional<String> failureOf(String name, SyncProgress run) {
        Optional<SyncPackageView> own = run.find(name);
        boolean came = own.filter(one -> PLACED.contains(one.state())).isPresent();
        if (came || library.snapshots().packages().containsKey(name)) {
            return Optional.empty();
        }
        boolean tried =
                own.filter(one -> one.state() == SyncPackageState.FAILED).isPresent();
        return Optional.of(run.cancelled() && !tried ? "the admin cancelled its run" : reason(name, run));
    }

    private static String reason(String name, SyncProgress run) {
        return run.run()
                        .problem()
                        .or(() -> run.find(name).flatMap(SyncPackageView::reason))
                        .or(() -> run.run().notes().stream()
                                .filter(note -> note.startsWith(name + " "))
                                .findFirst())
                        .map(Text::firstLine)
                        .orElse("its run ended without it")
                + cause(name, run);
    }

    /** Where it is not the package itself that failed: why the first did that it needs. */
    private static String cause(String name, SyncProgress run) {
        boolean skipped = run.find(name)
                .filter(one -> one.state() == SyncPackageState.SKIPPED)
                .isPresent();
        return run.packages().stream()
                .filter(one -> skipped && one.state() == SyncPackageState.FAILED)
                .findFirst()
                .map(one -> "; %s: %s"
                        .formatted(one.name(), Text.firstLine(one.reason().orElse("see its run"))))
                .orElse("");
    }

    /** Waits until a run is done with the package. */
    private void await(String name, Deadline deadline, Supplier<Collection<SyncProgress>> active)
            throws InterruptedException {
        Optional<SyncProgress> run;
        synchronized (this) {
            run = runOf(name, active.get());
        }
        if (run.isPresent()) {
            try {
                run.get().settled(name).get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                log.debug("{} is not installed yet", name, e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        offered.close();
    }
}
