package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.ocpu.app.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A synced library and what its runs share. The runs take turns. */
final class SyncLibrary implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SyncLibrary.class);
    private static final int CLOSING_SECONDS = 30;

    private final String name;
    private final Path root;
    private final Path work;
    private final LibrarySnapshots snapshots;
    private final IndexStore indexes;
    private final SyncRun.Means means;
    private final ExecutorService turns;

    /**
     * Opens a library.
     *
     * @param data the server's data directory, without links
     */
    SyncLibrary(String name, Path data, SyncService.Parts parts) {
        this.name = name;
        this.root = real(data.resolve(name));
        this.work = emptied(root.resolve("work"));
        this.snapshots = LibrarySnapshots.open(root, work, parts.retirement());
        RepositoryFiles files = new RepositoryFiles(PackageFiles.agent(parts.r()), RepositoryFiles.Limits.USUAL);
        this.indexes = indexes(root.resolve("index"), files);
        this.means = new SyncRun.Means(
                new SyncInstaller.Means(parts.sandbox(), parts.checker(), parts.r(), snapshots),
                new SyncPlanning(indexes, new TaskView(files), snapshots, parts.r()),
                parts.store(),
                parts.reserve());
        this.turns = Executors.newSingleThreadExecutor(DaemonThreads.named("sync-" + name));
    }

    private static IndexStore indexes(Path directory, RepositoryFiles files) {
        try {
            return new IndexStore(directory, files);
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be used", e);
        }
    }

    /** It may be a link to another disk. */
    private static Path real(Path directory) {
        try {
            return (Files.exists(directory) ? directory : Files.createDirectories(directory)).toRealPath();
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be used", e);
        }
    }

    private static Path emptied(Path directory) {
        try {
            Disk.delete(directory);
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be created", e);
        }
    }

    String name() {
        return name;
    }

    LibrarySnapshots snapshots() {
        return snapshots;
    }

    IndexStore indexes() {
        return indexes;
    }

    SyncPlanning planning() {
        return means.planning();
    }

    /** Does this when all before it is done. */
    void enqueue(Runnable turn) {
        turns.execute(turn);
    }

    boolean diskNearlyFull() {
        return means.reserve().reached(snapshots.packagesDirectory());
    }

    SyncRun run(SyncProgress progress, StopSignal stop, SyncRun.Limits limits) {
        SyncRun.Places places = new SyncRun.Places(
                work.resolve("run-" + progress.id()),
                root.resolve("downloads").resolve(progress.config().name()));
        return new SyncRun(means, progress, stop, places, limits);
    }

    /** Waits for the run that is being stopped. */
    @Override
    public void close() {
        turns.shutdown();
        try {
            if (!turns.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a run of the library {} does not end; the next start goes on with it", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        snapshots.close();
    }
}
