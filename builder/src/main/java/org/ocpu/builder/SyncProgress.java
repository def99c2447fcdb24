package org.ocpu.builder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** How a run that has not ended stands, for all who follow it. Thread-safe. */
final class SyncProgress {
    private static final long WORTH_TELLING = 100_000;
    private static final int MOST_NOTES = 200;
    private static final int LONGEST_NOTE = 10_000;

    private final long id;
    private final SyncConfig config;
    private final String cause;
    private final Instant startedAt = Instant.now();
    private final Map<String, PackageProgress> packages = new LinkedHashMap<>();
    private final Map<SyncPackageState, Integer> counts = new EnumMap<>(SyncPackageState.class);
    private final Map<String, CompletableFuture<Void>> settled = new HashMap<>();
    private SyncRunState state = SyncRunState.WAITING;
    private Optional<Instant> endedAt = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private final List<String> notes = new ArrayList<>();
    private int moreNotes;
    private boolean full;
    private boolean cancelled;
    private int total;
    private int unchanged;
    private long bytes;
    private long changes = 1;
    private long runChanged = 1;

    /** A package of the run. */
    private static final class PackageProgress {
        private final String name;
        private final String version;
        private final Optional<String> before;
        private SyncPackageState state = SyncPackageState.WAITING;
        private Optional<String> reason = Optional.empty();
        private Optional<String> tail = Optional.empty();
        private Optional<Instant> startedAt = Optional.empty();
        private Optional<Instant> endedAt = Optional.empty();
        private long size;
        private long bytes;
        private long changed;

        PackageProgress(String name, String version, Optional<String> before) {
            this.name = name;
            this.version = version;
            this.before = before;
        }

        SyncPackageView view() {
            return new SyncPackageView(name, version, before, state, reason, tail, size, bytes, startedAt, endedAt);
        }
    }

    /**
     * What is new.
     *
     * @param upTo to be given the next time
     */
    record News(Optional<SyncRunView> run, List<SyncPackageView> packages, long upTo) {}

    SyncProgress(long id, SyncConfig config, String cause) {
        this.id = id;
        this.config = config;
        this.cause = cause;
    }

    long id() {
        return id;
    }

    SyncConfig config() {
        return config;
    }

    synchronized SyncRunView run() {
        return new SyncRunView(
                id,
                config.name(),
                config.library(),
                cause,
                state,
                startedAt,
                endedAt,
                total,
                count(SyncPackageState.ADDED),
                count(SyncPackageState.UPDATED),
                count(SyncPackageState.REMOVED),
                unchanged,
                count(SyncPackageState.FAILED),
                count(SyncPackageState.SKIPPED),
                bytes,
                problem,
                notes());
    }

    /** Each run is kept with them, and all are listed with it: there must not be one for each package of a large repository. */
    private List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (moreNotes > 0) {
            all.add("and %d more".formatted(moreNotes));
        }
        return List.copyOf(all);
    }

    private int count(SyncPackageState of) {
        return counts.getOrDefault(of, 0);
    }

    synchronized List<SyncPackageView> packages() {
        return packages.values().stream().map(PackageProgress::view).toList();
    }

    /** The package if it is one of the run's. */
    synchronized Optional<SyncPackageView> find(String name) {
        return Optional.ofNullable(packages.get(name)).map(PackageProgress::view);
    }

    synchronized void begin() {
        state = SyncRunState.RUNNING;
        tellRun();
    }

    /** What there is to do is known. */
    synchronized void planned(int unchangedPackages, List<String> planNotes) {
        unchanged = unchangedPackages;
        planNotes.forEach(this::addOfMany);
        tellRun();
    }

    /** Of the run as a whole, which has few of them. */
    synchronized void note(String note) {
        notes.add(Text.line(note, LONGEST_NOTE));
        tellRun();
    }

    /** Of one package of many. */
    synchronized void noteOfPackage(String note) {
        addOfMany(note);
        tellRun();
    }

    private void addOfMany(String note) {
        if (notes.size() < MOST_NOTES) {
            notes.add(Text.line(note, LONGEST_NOTE));
        } else {
            moreNotes++;
        }
    }

    /** The run cannot do what it is to do. */
    synchronized void problem(String reason) {
        problem = Optional.of(reason);
        tellRun();
    }

    /** Requests may not have as many packages installed as this run would need. */
    synchronized void full() {
        full = true;
    }

    synchronized boolean isFull() {
        return full;
    }

    /** The admin wants it to end; what is at it may take a moment for that, or have its turn to come. */
    synchronized void cancel() {
        cancelled = true;
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    /** One more package to deal with. */
    synchronized void add(String name, String version, Optional<InstalledPackage> before) {
        packages.put(name, new PackageProgress(name, version, before.map(InstalledPackage::version)));
        total++;
        runChanged = changes + 1;
        change(name, added -> {});
    }

    /** A package is being dealt with; between its download and its installation it may wait for others. */
    void enter(String name, SyncPackageState now) {
        change(name, one -> {
            one.state = now;
            if (now != SyncPackageState.CHECKING) {
                one.startedAt = Optional.of(Instant.now());
            }
        });
    }

    /** So many bytes of a package are there; told now and then, since they are many. */
    synchronized void downloaded(String name, long now, long size) {
        PackageProgress one = packages.get(name);
        if (now == size || now - one.bytes > Math.max(size / 100, WORTH_TELLING)) {
            change(name, it -> {
                it.bytes = now;
                it.size = size;
            });
        }
    }

    void ended(String name, SyncPackageState how, Optional<String> reason, Optional<String> tail) {
        Optional<CompletableFuture<Void>> waiting;
        synchronized (this) {
            counts.merge(how, 1, Integer::sum);
            runChanged = changes + 1;
            change(name, one -> {
                one.state = how;
                one.reason = reason;
                one.tail = tail;
                one.endedAt = Optional.of(Instant.now());
                bytes += one.bytes;
            });
            waiting = Optional.ofNullable(settled.get(name));
        }
        waiting.ifPresent(one -> one.complete(null));
    }

    private synchronized void change(String name, Consumer<PackageProgress> change) {
        PackageProgress one = packages.get(name);
        change.accept(one);
        one.changed = ++changes;
        notifyAll();
    }

    /** The run has ended; nothing changes any more. */
    SyncRunView end(SyncRunState how) {
        List<CompletableFuture<Void>> waiting;
        SyncRunView view;
        synchronized (this) {
            state = how;
            endedAt = Optional.of(Instant.now());
            tellRun();
            view = run();
            waiting = List.copyOf(settled.values());
        }
        waiting.forEach(one -> one.complete(null));
        return view;
    }

    /** Complete when the run is done with a package, or has ended. */
    synchronized CompletableFuture<Void> settled(String name) {
        boolean done = state.finished()
                || find(name).filter(one -> one.state().finished()).isPresent();
        return done
                ? CompletableFuture.completedFuture(null)
                : settled.computeIfAbsent(name, missing -> new CompletableFuture<>());
    }

    private void tellRun() {
        runChanged = ++changes;
        notifyAll();
    }

    /** Has whoever waits in {@link #await} look again whether they still want to. */
    synchronized void nudge() {
        notifyAll();
    }

    /** Waits until something is newer than this change, the run has ended, or nobody wants to know any more. */
    synchronized News await(long known, BooleanSupplier unwanted) throws InterruptedException {
        while (changes <= known && !state.finished() && !unwanted.getAsBoolean()) {
            wait();
        }
        List<SyncPackageView> changed = packages.values().stream()
                .filter(one -> one.changed > known)
                .map(PackageProgress::view)
                .toList();
        return new News(runChanged > known ? Optional.of(run()) : Optional.empty(), changed, changes);
    }
}
