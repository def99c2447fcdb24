package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class BuildService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuildService.class);
    private static final int OTHER_THREADS = 8;
    private static final long CLOSING_SECONDS = 10;

    private final BuilderConfig config;
    private final GitHubWebhook webhook;
    private final Database database;
    private final BuildPipeline.Records records;
    private final BuildPipeline pipeline;
    private final BuildScheduler scheduler;
    private final StopSignal stop = new StopSignal();
    private final Phaser running = new Phaser(1);
    private final Map<Long, CompletableFuture<BuildView>> finished = new ConcurrentHashMap<>();

    private BuildService(BuilderConfig config, Path data, LoadChecker checker, Outbox outbox) {
        this.config = config;
        this.webhook = new GitHubWebhook(config.secret());
        Path work = directory(data.resolve("work/builds"));
        this.database =
                Database.open(directory(data.resolve("db")), config.builds().parallel() + OTHER_THREADS);
        BuildStore store = new BuildStore(database.jdbi());
        BuildLogs logs = new BuildLogs(directory(data.resolve("logs/builds")));
        AppLibrary apps = new AppLibrary(
                directory(data.resolve("apps")), work, config.apps().keep());
        this.records = new BuildPipeline.Records(store, logs, apps, new BuildReport(config, outbox, logs, apps));
        BuildPipeline.Places places = new BuildPipeline.Places(data, directory(data.resolve("git")), work);
        this.pipeline = new BuildPipeline(config, places, Sandbox.detect(data, work), checker, records, stop);
        String name = "builds-" + Integer.toHexString(data.hashCode());
        this.scheduler =
                BuildScheduler.open(name, database.pool(), config.builds().parallel(), this::run);
    }

    /**
     * Opens the service and takes up the builds that wait.
     *
     * @param data the server's data directory; created when missing
     * @throws BuilderException when another server has it open
     */
    public static BuildService open(BuilderConfig config, Path data, RpcService rpc, Outbox outbox) {
        return open(config, data, rpc::checkLoads, outbox);
    }

    static BuildService open(BuilderConfig config, Path data, LoadChecker checker, Outbox outbox) {
        Path root = real(directory(data));
        Disk.list(root.resolve("work/builds")).forEach(Disk::delete);
        BuildService service = new BuildService(config, root, checker, outbox);
        service.resume();
        return service;
    }

    /** Takes a delivery and answers it; a build it brings runs later. */
    public WebhookAnswer receive(Delivery delivery) {
        Verdict verdict = webhook.read(delivery);
        if (verdict instanceof Verdict.Accepted accepted) {
            return accept(accepted.pushes());
        }
        return ((Verdict.Answered) verdict).answer();
    }

    public Optional<BuildView> build(long id) {
        return records.store().build(id).map(this::view);
    }

    /** The newest builds, newest first. */
    public List<BuildView> recent(int limit) {
        return records.store().recent(limit).stream().map(this::view).toList();
    }

    /** The builds that a query asks for, newest first. */
    public List<BuildView> builds(BuildQuery query) {
        throw new UnsupportedOperationException(query.toString());
    }

    /**
     * Builds again what a finished build built: the same commit.
     *
     * @return the new build, or the one that already waits or runs for that commit
     * @throws UnknownNameException when there is no such build
     * @throws ConflictException when its app has been removed
     */
    public BuildView rebuild(long id) {
        throw new UnsupportedOperationException("rebuild " + id);
    }

    /**
     * Ends a build that waits or runs.
     *
     * @return the build as it stands now; a running one ends a moment later
     * @throws UnknownNameException when there is no such build
     * @throws ConflictException when it is finished or already being published
     */
    public BuildView cancel(long id) {
        throw new UnsupportedOperationException("cancel " + id);
    }

    /** The hosted apps and previews, by name. */
    public List<AppView> apps() {
        throw new UnsupportedOperationException();
    }

    public Optional<AppView> app(AppName name) {
        throw new UnsupportedOperationException(name.toString());
    }

    /**
     * Makes another version live, at once.
     *
     * @param version the build that made it; absent: the newest before the live one
     * @throws UnknownNameException when there is no such app or version
     * @throws ConflictException when it is live already, or there is no other
     */
    public AppView rollback(AppName name, OptionalLong version) {
        throw new UnsupportedOperationException(name + " " + version);
    }

    /**
     * Takes an app off the server: its address at once, its files after the last request that uses them, and its builds that
     * wait or run. A later push brings it back.
     *
     * @throws UnknownNameException when there is no such app
     */
    public void remove(AppName name) {
        throw new UnsupportedOperationException(name.toString());
    }

    /** The deliveries that came last, newest first. */
    public List<DeliveryView> deliveries(int limit) {
        throw new UnsupportedOperationException("deliveries " + limit);
    }

    /** How builds are confined, in a sentence for people. */
    public String confinement() {
        throw new UnsupportedOperationException();
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

    /** Ends running builds, which run again after the next start. */
    @Override
    public void close() {
        scheduler.pause();
        stop.stop();
        scheduler.close(runningBuildsEnd());
        records.store().requeueRunning();
        records.logs().close();
        database.close();
        finished.values().forEach(future -> future.completeExceptionally(new BuildStopped()));
    }

    private boolean runningBuildsEnd() {
        try {
            running.awaitAdvanceInterruptibly(running.arrive(), CLOSING_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            log.warn("a build does not end; it runs again after the next start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private WebhookAnswer accept(List<Push> pushes) {
        Push push = pushes.get(0);
        Build build = records.store().add(push);
        String what = "commit %s of %s".formatted(push.shortCommit(), push.app());
        records.logs()
                .open(build.id())
                .line(Stage.QUEUE, what + ", pushed by " + push.pusher().name());
        scheduler.schedule(build);
        return WebhookAnswer.accepted(build.id(), what + " will be built");
    }

    private void resume() {
        int interrupted = records.store().requeueRunning();
        records.store().numberAbove(records.apps().newest());
        List<Build> waiting = records.store().queued();
        if (!waiting.isEmpty()) {
            log.info("{} builds wait, {} of them were interrupted", waiting.size(), interrupted);
        }
        for (Build build : waiting) {
            records.logs()
                    .open(build.id())
                    .line(Stage.QUEUE, "the server was restarted; this build runs from its start");
            scheduler.schedule(build);
        }
        scheduler.start();
    }

    private void run(long id) {
        running.register();
        try {
            Optional<Build> build = records.store().build(id);
            if (build.isPresent() && pipeline.run(build.get())) {
                tell(id);
            }
        } catch (RuntimeException e) {
            log.error("build {} could not be run; it runs again after the next start", id, e);
        } finally {
            running.arriveAndDeregister();
        }
    }

    private void tell(long id) {
        CompletableFuture<BuildView> future = finished.remove(id);
        if (future != null) {
            build(id).ifPresent(future::complete);
        }
    }

    private BuildView view(Build build) {
        return build.view(records.report().status(build));
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
