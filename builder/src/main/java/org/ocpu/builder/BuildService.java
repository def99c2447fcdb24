package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.ocpu.app.RSystem;
import org.ocpu.app.RpcService;
import org.ocpu.mailer.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The builder's door: takes deliveries, builds what they push, and tells how builds go. Thread-safe.
 *
 * <p>A push that was answered with 202 is on disk and will be built, also after a crash; so will a build that a crash or
 * {@link #close} interrupted. At most {@code builds.parallel} builds run at once, and one an app.
 */
public final class BuildService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuildService.class);
    private static final int OTHER_THREADS = 8;
    private static final long CLOSING_SECONDS = 10;

    /** Builds of apps and previews that are gone. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final long LARGEST_CACHE = 5L << 30;

    private final BuilderConfig config;
    private final Path data;
    private final Database database;
    private final BuildRecords records;
    private final BuildSearch search;
    private final BuildChanges changes;
    private final DeliveryStore deliveries;
    private final Reception reception;
    private final BuildNews news;
    private final Reconcile reconcile;
    private final BuildQueue queue;
    private final BuildPipeline pipeline;
    private final Sandbox sandbox;
    private final BuildScheduler scheduler;
    private final Map<Long, StopSignal> running = new ConcurrentHashMap<>();
    private final Phaser ending = new Phaser(1);
    private final Map<Long, CompletableFuture<BuildView>> finished = new ConcurrentHashMap<>();
    private final StopSignal stop = new StopSignal();
    private final SyncService syncs;
    private final Gists gists;
    private volatile boolean draining;

    /** What the RPC core does for builds. */
    record Core(LoadChecker checker, Retirement retirement, RSystem r, Runnable cleaning) {}

    private BuildService(BuilderConfig config, Path data, Core core, Outbox outbox) {
        this.config = config;
        this.data = data;
        Path work = directory(data.resolve("work/builds"));
        this.database =
                Database.open(directory(data.resolve("db")), config.builds().parallel() + OTHER_THREADS);
        this.deliveries = new DeliveryStore(database.jdbi());
        BuildLogs logs = new BuildLogs(
                directory(data.resolve("logs/builds")),
                new BuildLog.Rules(config.builds().largestLog(), Secrets.of(config)));
        AppLibrary apps =
                AppLibrary.open(real(directory(data.resolve("apps"))), work, config.apps(), core.retirement());
        GitHubApi api = new GitHubApi(config.github());
        BuildMail mail = new BuildMail(config.reports(), logs, apps);
        this.news = BuildNews.open(config, database.jdbi(), api, mail::address);
        this.search = new BuildSearch(database.jdbi());
        this.changes = BuildChanges.open(
                ids -> search.all(ids).stream().map(this::view).toList());
        BuildStore store = new BuildStore(database.jdbi(), news::tell, changes::changed);
        MailPolicy policy = new MailPolicy(config.reports(), api::publicEmail);
        BuildReport report = new BuildReport(outbox, store, policy, mail);
        this.records = new BuildRecords(store, logs, apps, report, this::tell);
        BuildPipeline.Places places = new BuildPipeline.Places(data, directory(data.resolve("git")), work);
        this.sandbox = Sandbox.detect(config.limits(), data, work);
        PackageCache cache = cache(config, data, work, core.r());
        Dependencies.Means means = new Dependencies.Means(config, core.r(), sandbox, cache);
        this.pipeline = new BuildPipeline(places, means, core.checker(), records);
        this.queue = new BuildQueue(store, config.builds().parallel());
        this.gists = Gists.open(config, data, stop);
        this.reception = new Reception(
                new GitHubWebhook(config),
                records,
                deliveries,
                () -> config.reserve().reached(data),
                this::added,
                this::closePreview);
        this.reconcile =
                new Reconcile(store, reception, new RemoteHead(config.github(), places.repositories(), stop), stop);
        this.scheduler = BuildScheduler.open(
                "builds-" + Integer.toHexString(data.hashCode()),
                config.builds().parallel(),
                this::runBuilds,
                this::reconcile,
                this::sync,
                core.cleaning());
        this.syncs = new SyncService(
                config,
                data,
                new SyncService.Parts(
                        sandbox,
                        core.checker(),
                        core.retirement(),
                        core.r(),
                        new SyncStore(database.jdbi()),
                        new SyncReport(config.reports(), outbox),
                        config.reserve()),
                scheduler);
    }

    /**
     * Opens the service and takes up the builds that wait.
     *
     * @param data the server's data directory; created when missing
     * @throws BuilderException when another server has it open
     */
    public static BuildService open(BuilderConfig config, Path data, RpcService rpc, Outbox outbox) {
        return open(config, data, new Core(rpc::checkLoads, rpc::retire, rpc.r(), rpc::cleanSessions), outbox);
    }

    static BuildService open(BuilderConfig config, Path data, LoadChecker checker, Outbox outbox) {
        return open(config, data, new Core(checker, Retirement.AT_ONCE, RSystem.ask(), () -> {}), outbox);
    }

    static BuildService open(BuilderConfig config, Path data, Core core, Outbox outbox) {
        Path root = real(directory(data));
        Disk.list(root.resolve("work/builds")).forEach(Disk::delete);
        BuildService service = new BuildService(config, root, core, outbox);
        service.resume();
        return service;
    }

    /** Takes a delivery and answers it; a build it brings runs later. */
    public WebhookAnswer receive(Delivery delivery) {
        return reception.receive(delivery);
    }

    public Optional<BuildView> build(long id) {
        return records.store().build(id).map(this::view);
    }

    /** The builds that a query asks for, newest first. */
    public List<BuildView> builds(BuildQuery query) {
        return search.list(query).stream().map(this::view).toList();
    }

    /**
     * The newest build of each of these apps that says how the app stands: one that was superseded or cancelled does not. Apps of
     * which there is none are left out. Quick also for hundreds of apps: where their mails are is told as it was first known.
     */
    public Map<AppName, BuildView> newestBuilds(Collection<AppName> apps) {
        Map<String, BuildView> found = search.newest(apps).stream()
                .collect(Collectors.toMap(build -> build.app().key(), build -> build.view(build.mail())));
        return apps.stream()
                .distinct()
                .filter(app -> found.containsKey(app.key()))
                .collect(Collectors.toMap(app -> app, app -> found.get(app.key())));
    }

    /** How many builds run and wait now. */
    public BuildLoad load() {
        BuildStore store = records.store();
        return new BuildLoad(store.count(State.RUNNING), config.builds().parallel(), store.count(State.QUEUED));
    }

    /** What keeps it from taking pushes, a sentence each. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!database.isReachable()) {
            problems.add("The database does not answer.");
        }
        if (config.reserve().reached(data)) {
            problems.add("The disk of the data directory is nearly full (disk.reserve).");
        }
        return problems;
    }

    /**
     * Builds again what a build built: the same commit.
     *
     * @return the new build, or the one that already waits or runs for that commit
     * @throws UnknownNameException when there is no such build
     * @throws ConflictException when it belongs to a preview that is closed
     */
    public BuildView rebuild(long id) {
        Build old = known(id);
        if (old.app().preview().isPresent()
                && records.store().ofApp(old.app(), 1).isEmpty()) {
            throw new ConflictException("build %d was of the preview %s, which is closed".formatted(id, old.app()));
        }
        return view(reception.add(old.push(), OptionalLong.of(id)));
    }

    /**
     * Ends a build that waits or runs.
     *
     * @return the build as it stands now; a running one ends a moment later
     * @throws UnknownNameException when there is no such build
     * @throws ConflictException when it is finished or already being published
     */
    public BuildView cancel(long id) {
        Build build = known(id);
        if (records.store().cancelQueued(id)) {
            records.endedWaiting(id, "cancelled");
            return view(known(id));
        }
        StopSignal signal = running.get(id);
        if (signal == null) {
            throw new ConflictException(
                    "build %d is %s already".formatted(id, known(id).state().label()));
        }
        if (!signal.cancel()) {
            throw new ConflictException(
                    "build %d is being published already; ./ocpu rollback %s takes it back".formatted(id, build.app()));
        }
        return view(known(id));
    }

    /** Whether the source of apps from repositories that not anyone may read is offered, too. */
    public boolean offersPrivateSources() {
        return config.apps().offerPrivate();
    }

    /** The hosted apps and previews, by name. */
    public List<AppView> apps() {
        return records.apps().apps();
    }

    public Optional<AppView> app(AppName name) {
        return records.apps().app(name);
    }

    /** The README of an app's live version; it may be of a repository that not anyone may read. */
    public Optional<Readme> readme(AppName name) {
        return records.apps().readme(name);
    }

    /** The page of the repository that an app's live version was made from; empty when it was pushed to this server. */
    public Optional<URI> repository(AppName name) {
        return records.apps().repository(name);
    }

    /**
     * Makes another version live, at once.
     *
     * @param version the build that made it; absent: the newest before the live one
     * @throws UnknownNameException when there is no such app or version
     * @throws ConflictException when it is live already, or there is no other
     */
    public AppView rollback(AppName name, OptionalLong version) {
        return records.apps().rollback(name, version);
    }

    /**
     * Takes an app off the server: its address at once, its files after the last request that uses them, and its builds that
     * wait or run. A later push brings it back.
     *
     * @throws UnknownNameException when there is no such app
     */
    public void remove(AppName name) {
        boolean open = endBuilds(name);
        records.store().remove(name); // from here on no build of it goes live
        try {
            records.apps().remove(name);
        } catch (UnknownNameException e) {
            if (!open) {
                throw e;
            }
        }
    }

    /** The deliveries that came last, newest first. */
    public List<DeliveryView> deliveries(int limit) {
        return deliveries.newest(limit);
    }

    /** What keeps libraries in sync with repositories; closed with this. */
    public SyncService syncs() {
        return syncs;
    }

    /** Gists, which are fetched when they are asked for. */
    public Gists gists() {
        return gists;
    }

    /** How builds are confined, in a sentence for people. */
    public String confinement() {
        return sandbox.description();
    }

    /** Where people look at the commit that a build built; nowhere when it was pushed to this server itself. */
    public Optional<URI> commitPage(BuildView build) {
        Path local = LocalRepository.path(data.resolve("git"), build.app());
        String github = config.github().url().toString();
        return Files.isDirectory(local) || !github.startsWith("http")
                ? Optional.empty()
                : Optional.of(URI.create(github + "/" + build.app().repository() + "/commit/" + build.commit()));
    }

    /** The file with a build's log, which may still grow. */
    public Optional<Path> log(long id) {
        return records.logs().find(id);
    }

    /**
     * Calls the listener for each line already logged after this one (0 for all), then for each new one, then ends.
     *
     * @return to be closed when the listener does not want to hear more
     */
    public LogSubscription follow(long id, long fromLine, LogListener listener) {
        return records.logs().follow(id, fromLine, listener);
    }

    /**
     * Tells the listener of each build that changes from now on, until this closes.
     *
     * @return to be closed when the listener does not want to hear more
     */
    public LogSubscription follow(BuildListener listener) {
        return changes.follow(listener);
    }

    /** The build when it is finished; fails with a {@link BuilderException} when there is none or the server closes first. */
    public CompletableFuture<BuildView> finished(long id) {
        CompletableFuture<BuildView> future = finished.computeIfAbsent(id, missing -> new CompletableFuture<>());
        Optional<BuildView> now = build(id);
        if (now.isEmpty()) {
            finished.remove(id);
            future.completeExceptionally(new BuilderException("there is no build " + id));
        } else if (now.get().state().finished()) {
            finished.remove(id);
            future.complete(now.get());
        }
        return future;
    }

    /**
     * Begins no more builds, and has runs of syncs end, which go on after the next start. Deliveries are accepted still.
     *
     * @return the builds that run on; see {@link #awaitRunning}
     */
    public Set<Long> drain() {
        draining = true;
        scheduler.pause();
        syncs.drain();
        return Set.copyOf(running.keySet());
    }

    /** Waits until no build runs, at most so long. */
    public void awaitRunning(Duration patience) throws InterruptedException {
        Deadline deadline = Deadline.in(patience);
        synchronized (running) {
            while (!running.isEmpty() && !deadline.passed()) {
                TimeUnit.NANOSECONDS.timedWait(
                        running, Math.max(1, deadline.remaining().toNanos()));
            }
        }
    }

    /** Ends running builds, which run again after the next start. Once more does nothing. */
    @Override
    public void close() {
        if (stop.stopped()) {
            return;
        }
        scheduler.pause();
        stop.stop();
        changes.close(); // those who listen are gone by now
        syncs.close();
        running.values().forEach(StopSignal::stop);
        awaitRunningBuilds();
        scheduler.close();
        records.store().requeueRunning();
        records.logs().close();
        records.apps().close();
        news.close();
        database.close();
        finished.values().forEach(future -> future.completeExceptionally(new BuildStopped()));
    }

    private void awaitRunningBuilds() {
        try {
            ending.awaitAdvanceInterruptibly(ending.arrive(), CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            log.warn("a build does not end; it runs again after the next start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void resume() {
        forgetOld();
        List<Build> hopeless = records.store().requeueInterrupted();
        hopeless.forEach(pipeline::giveUp);
        records.store().numberAbove(records.apps().newest());
        List<Build> waiting = records.store().queued();
        if (!waiting.isEmpty()) {
            log.info(
                    "{} builds wait, {} of them were interrupted",
                    waiting.size(),
                    waiting.stream().filter(build -> build.attempts() > 1).count());
        }
        for (Build build : waiting) {
            records.logs()
                    .open(build.id())
                    .line(
                            Stage.QUEUE,
                            build.attempts() > 1
                                    ? "the server ended while this build ran; it runs once more from its start"
                                    : "the server was restarted; this build waits again");
            scheduler.wake();
        }
        config.builds().reconcile().ifPresent(scheduler::reconcile);
        scheduler.cleanSessions(config.cleaning());
        syncs.start();
        scheduler.start();
    }

    /** Builds what deliveries did not tell of. */
    void reconcile() {
        try {
            forgetOld();
            reconcile.run();
        } catch (RuntimeException e) {
            if (!stop.stopped()) { // nobody waits for it when the server closes, its database included
                throw e;
            }
            log.debug("the server closes while it reconciles", e);
        }
    }

    private void sync(String name) {
        try {
            syncs.scheduled(name);
        } catch (BuildStopped e) {
            log.debug("the server closes; the sync {} runs after its next start", name, e);
        }
    }

    /** Runs builds on this thread until none may run any more. */
    private void runBuilds() {
        while (!stop.stopped() && !draining) {
            Optional<Build> next = queue.take();
            if (next.isEmpty()) {
                return;
            }
            if (queue.more()) {
                scheduler.wake();
            }
            run(next.get());
        }
    }

    private void run(Build build) {
        ending.register();
        StopSignal signal = new StopSignal();
        running.put(build.id(), signal);
        try {
            if (stop.stopped()) {
                signal.stop(); // close() may have missed this one
            }
            if (pipeline.run(build, signal)) {
                forgetOld(build.app());
            }
        } catch (RuntimeException | Error e) {
            if (!stop.stopped()) { // else the next start runs it again
                log.error("build {} could not be run to its end", build.id(), e);
                giveUp(build, e);
            }
        } finally {
            synchronized (running) {
                running.remove(build.id());
                running.notifyAll();
            }
            queue.done(build);
            ending.arriveAndDeregister();
        }
    }

    /** A build that trouble outside of its stages has ended must not stay as if it ran. */
    private void giveUp(Build build, Throwable trouble) {
        try {
            String reason = "an error of this server; its log tells more under build " + build.id();
            records.store().fail(build.id(), new Build.Failure(Stage.REPORT, reason));
            records.store().finish(build.id(), State.FAILED);
            records.logs().end(build.id());
            tell(known(build.id()));
        } catch (RuntimeException e) { // the disk is full, say; the next start takes it up
            trouble.addSuppressed(e);
            log.error("build {} stays unfinished until the next start", build.id(), trouble);
        }
    }

    private void forgetOld() {
        deliveries.forgetOld();
        records.store().forgetRemoved(Instant.now().minus(REMEMBERED)).forEach(records.logs()::delete);
    }

    private void forgetOld(AppName app) {
        records.store().forgetBeyond(app, config.builds().keep()).forEach(records.logs()::delete);
    }

    /** Whether there were any to end. */
    private boolean endBuilds(AppName app) {
        boolean open = false;
        for (Build build : records.store().ofApp(app, config.builds().keep())) {
            if (!build.state().finished()) {
                open = true;
                try {
                    cancel(build.id());
                } catch (ConflictException e) {
                    log.debug("build {} has just ended", build.id(), e);
                }
            }
        }
        return open;
    }

    private void closePreview(AppName preview) {
        try {
            remove(preview);
        } catch (UnknownNameException e) {
            log.debug("{} was never live", preview, e);
        }
    }

    /** Whoever waits for a build hears of its end. */
    private void tell(Build build) {
        CompletableFuture<BuildView> future = build.state().finished() ? finished.remove(build.id()) : null;
        if (future != null) {
            future.complete(view(build));
        }
    }

    private Build known(long id) {
        return records.store().build(id).orElseThrow(() -> new UnknownNameException("there is no build " + id));
    }

    private BuildView view(Build build) {
        return build.view(records.report().status(build));
    }

    private void added(Build build) {
        String what = "commit %s of %s".formatted(build.push().shortCommit(), build.app());
        String why = build.rebuildOf().isPresent()
                ? ", as build #" + build.rebuildOf().getAsLong() + " once more"
                : ", pushed by " + build.push().pusher().name();
        records.logs().open(build.id()).line(Stage.QUEUE, what + why);
        tell(build);
        scheduler.wake();
    }

    private static PackageCache cache(BuilderConfig config, Path data, Path work, RSystem r) {
        Path packages = data.resolve("cache/packages").resolve(r.version() + "-" + r.platform());
        return new PackageCache(
                directory(packages), work, LARGEST_CACHE, config.builds().limit());
    }

    private static Path directory(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new BuilderException(path + " cannot be created", e);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new BuilderException(path + " cannot be read", e);
        }
    }
}
