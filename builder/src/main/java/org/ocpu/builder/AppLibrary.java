package org.ocpu.builder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installed versions of all apps: {@code <owner>/<app>/versions/<build>/} and the link {@code current} to the live one.
 * Thread-safe; the lock is held for what is read and renamed, not while files are written or deleted.
 *
 * <p>A version appears complete, by one rename, and goes live by another, so readers and crashes only ever see a whole one. An
 * app without {@code current} is none: what a crash left of it is swept at the next start.
 */
final class AppLibrary implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AppLibrary.class);
    private static final long CLOSING_SECONDS = 10;
    private static final int VERSIONS_READ = 10_000;

    private final Path apps;
    private final Path trash;
    private final BuilderConfig.Apps config;
    private final Retirement retirement;

    /** Versions that go when their last request is done; no longer to be counted or made live. */
    private final Set<Path> leaving = new HashSet<>();

    /** What was read of versions, which never change. */
    private final Cache<Path, Version> read =
            Caffeine.newBuilder().maximumSize(VERSIONS_READ).build();

    /** Deletes what is in the trash; what it has no time for is swept at the next start. */
    private final ThreadPoolExecutor sweeper = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            sweep -> new Thread(sweep, "sweeper"),
            new ThreadPoolExecutor.DiscardPolicy());

    private AppLibrary(Path apps, Path trash, BuilderConfig.Apps config, Retirement retirement) {
        this.apps = apps;
        this.trash = trash;
        this.config = config;
        this.retirement = retirement;
    }

    /**
     * Opens the library and finishes what a crash left half done.
     *
     * @param apps without links
     * @param trash on the same file system as the apps; emptied by whoever opens it next
     */
    static AppLibrary open(Path apps, Path trash, BuilderConfig.Apps config, Retirement retirement) {
        AppLibrary library = new AppLibrary(apps, trash, config, retirement);
        library.finishRemovals();
        return library;
    }

    /** The hosted apps and previews, by name. */
    List<AppView> apps() {
        return directories().flatMap(app -> view(app).stream()).toList();
    }

    Optional<AppView> app(AppName name) {
        return view(directory(name));
    }

    /** Whether the version a build made is there: then it is complete. */
    boolean holds(AppName name, long build) {
        return Files.exists(directory(name).version(build));
    }

    /** The README of the live version. */
    Optional<Readme> readme(AppName name) {
        return live(name).flatMap(Version::read).flatMap(Version::readme);
    }

    /** The page of the repository that the live version was made from. */
    Optional<URI> repository(AppName name) {
        return live(name).flatMap(Version::read).flatMap(Version::repository);
    }

    /** The live version's directory. */
    Optional<Path> live(AppName name) {
        return directory(name).live();
    }

    /** The highest build number of all versions on disk; 0 when there are none. */
    long newest() {
        return directories()
                .flatMap(app -> app.versions().stream())
                .mapToLong(AppDirectory::build)
                .max()
                .orElse(0);
    }

    /**
     * Makes what the run has installed the live version; does nothing that hurts when a crash left that half done.
     *
     * @param origin to be kept with the version
     * @param removed whether the app was removed meanwhile: it must not come back
     * @throws Skipped when it was
     * @throws BuildFailure when the owner's quota has no room for it; nothing is changed then
     */
    void publish(BuildRun run, Description description, Origin origin, BooleanSupplier removed) {
        try {
            AppName name = run.push().app();
            if (holds(name, run.id())) { // a crash came right after it was put in place
                publish(run, Disk.size(directory(name).version(run.id())), removed);
                return;
            }
            if (origin.source().isPresent()) {
                origin.source().get().moveTo(run.library());
            }
            if (origin.readme().isPresent()) {
                origin.readme().get().moveTo(run.library());
            }
            long bytes = Disk.size(run.library());
            Version.write(run, description, origin, bytes);
            Disk.syncContents(run.library());
            publish(run, bytes, removed);
        } catch (IOException e) {
            throw new BuildFailure("the package could not be published: " + e.getMessage(), e);
        }
    }

    private synchronized void publish(BuildRun run, long bytes, BooleanSupplier removed) throws IOException {
        if (removed.getAsBoolean()) {
            throw new Skipped("the app was removed meanwhile");
        }
        AppName name = run.push().app();
        AppDirectory app = directory(name);
        Path version = app.version(run.id());
        Optional<Path> before = app.live();
        if (before.filter(version::equals).isPresent()) {
            return; // a crash came right after it went live
        }
        List<Version> others = ownedBy(app.path().getParent()).stream()
                .filter(other -> !other.directory().equals(version))
                .toList();
        List<Version> surplus = new Retention(config, name, before).surplus(others, bytes);
        if (!Files.exists(version)) {
            place(run.library(), version);
        }
        app.makeLive(version);
        before.ifPresent(old -> retirement.retire(old, () -> {}));
        surplus.forEach(old -> leave(old.directory()));
    }

    private void place(Path library, Path version) throws IOException {
        Files.createDirectories(version.getParent());
        Files.move(library, version, StandardCopyOption.ATOMIC_MOVE);
        for (Path made = version.getParent(); !made.equals(apps.getParent()); made = made.getParent()) {
            Disk.syncEntries(made);
        }
    }

    /**
     * Makes another version live.
     *
     * @param build that made it; absent: the newest before the live one
     * @throws UnknownNameException when there is no such app or version
     * @throws ConflictException when it is live already, or there is no other
     */
    synchronized AppView rollback(AppName name, OptionalLong build) {
        AppDirectory app = directory(name);
        Path live = app.live().orElseThrow(() -> unknown(name));
        Path version = build.isPresent() ? version(name, build.getAsLong()) : before(name, live);
        if (version.equals(live)) {
            throw new ConflictException("version %d of %s is live already".formatted(AppDirectory.build(live), name));
        }
        try {
            app.makeLive(version);
        } catch (IOException e) {
            throw new BuilderException(version + " cannot be made live", e);
        }
        retirement.retire(live, () -> {});
        return view(app).orElseThrow();
    }

    private Path version(AppName name, long build) {
        return versions(directory(name)).stream()
                .filter(version -> version.build() == build)
                .map(Version::directory)
                .findFirst()
                .orElseThrow(() -> new UnknownNameException("%s has no version %d".formatted(name, build)));
    }

    private Path before(AppName name, Path live) {
        return versions(directory(name)).stream()
                .filter(version -> version.build() < AppDirectory.build(live))
                .map(Version::directory)
                .findFirst()
                .orElseThrow(() -> new ConflictException(
                        "%s has no version before its live one, %d".formatted(name, AppDirectory.build(live))));
    }

    /**
     * Takes an app off the server: its address now, its files after the last request that uses them.
     *
     * @throws UnknownNameException when there is no such app
     */
    synchronized void remove(AppName name) {
        AppDirectory app = directory(name);
        if (app.live().isEmpty()) {
            throw unknown(name);
        }
        try {
            app.takeDown();
        } catch (IOException e) {
            throw new BuilderException(name + " cannot be removed", e);
        }
        staying(app).forEach(this::leave);
    }

    private static UnknownNameException unknown(AppName name) {
        return new UnknownNameException("there is no app " + name);
    }

    private void leave(Path version) {
        leaving.add(version);
        retirement.retire(version, () -> discard(version));
    }

    private synchronized void discard(Path version) {
        Path gone = trash.resolve("version-" + version.getFileName());
        try {
            Files.move(version, gone, StandardCopyOption.ATOMIC_MOVE);
            leaving.remove(version);
            read.invalidate(version);
            sweeper.execute(() -> Disk.delete(gone));
            new AppDirectory(version.getParent().getParent()).deleteIfEmpty();
        } catch (IOException e) {
            log.warn("{} could not be removed", version, e);
        }
    }

    private synchronized void finishRemovals() {
        for (AppDirectory app : directories().toList()) {
            try {
                app.dropHalfMadeLink();
                if (app.live().isEmpty()) {
                    app.versions().forEach(this::discard);
                    app.deleteIfEmpty();
                }
            } catch (IOException e) {
                log.warn("what is left in {} could not be removed", app.path(), e);
            }
        }
    }

    private synchronized Optional<AppView> view(AppDirectory app) {
        List<Version> versions = versions(app);
        Optional<Path> live = app.live();
        return versions.stream()
                .filter(version -> live.filter(version.directory()::equals).isPresent())
                .findFirst()
                .map(now -> new AppView(
                        now.app(),
                        now.packageName(),
                        now.title(),
                        now.about(),
                        now.icon(),
                        versions.stream()
                                .map(version -> version.view(version.equals(now)))
                                .toList(),
                        versions.stream().mapToLong(Version::bytes).sum()));
    }

    /** Where apps are, or were. */
    private Stream<AppDirectory> directories() {
        return Disk.list(apps).stream()
                .flatMap(owner -> Disk.list(owner).stream())
                .filter(app -> Files.isDirectory(app, LinkOption.NOFOLLOW_LINKS))
                .map(AppDirectory::new);
    }

    /** All versions of an owner's apps. */
    private List<Version> ownedBy(Path owner) {
        return Disk.list(owner).stream()
                .map(AppDirectory::new)
                .flatMap(app -> versions(app).stream())
                .toList();
    }

    /** Newest first. */
    private List<Version> versions(AppDirectory app) {
        return staying(app).stream()
                .flatMap(version -> Stream.ofNullable(
                        read.get(version, unread -> Version.read(unread).orElse(null))))
                .sorted(Comparator.comparingLong(Version::build).reversed())
                .toList();
    }

    private List<Path> staying(AppDirectory app) {
        return app.versions().stream()
                .filter(version -> !leaving.contains(version))
                .toList();
    }

    private AppDirectory directory(AppName name) {
        return new AppDirectory(name.under(apps));
    }

    @Override
    public void close() {
        sweeper.shutdown();
        try {
            if (!sweeper.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("old versions are still being deleted; that goes on after the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
