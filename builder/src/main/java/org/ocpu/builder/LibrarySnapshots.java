package org.ocpu.builder;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ocpu.app.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A synced library on disk. {@code packages/<name>/<id>/<name>/} are installed packages, which never change; {@code versions/<n>/} is
 * the library as it was at a time: a link to each of its packages and a list that tells where they are from; {@code current} links to
 * the version that is live. So packages go live by one rename, a request has the same packages from its beginning to its end, and a
 * crash leaves each package old or new. Thread-safe.
 *
 * <p>Making a version takes the longer the more packages there are, and makes engines start anew. So packages that are ready within a
 * few moments go live together, the more so the longer it takes; others can be installed with them meanwhile.
 *
 * <p>A version goes when its last request is done and no installation works with it, and with it the packages that no other version has.
 */
final class LibrarySnapshots implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LibrarySnapshots.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    /** No package can have that name. */
    private static final String LIST = ".packages.json";

    private static final long CLOSING_SECONDS = 10;

    /** Between two versions at least, and this many times what making one took. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int RESTS = 2;

    private final Path root;
    private final Path trash;
    private final AppDirectory directory;
    private final Retirement retirement;
    private final VersionHolds holds = new VersionHolds();

    /** What the versions hold that are there, the live one among them. */
    private final Map<Path, Map<String, InstalledPackage>> versions = new HashMap<>();

    /** What is in place and not live yet, by name. */
    private final Map<String, Arrival> arrivals = new LinkedHashMap<>();

    /** What could not go live, until the next {@link #flush}; what was installed with it cannot either. */
    private final Set<String> lost = new HashSet<>();

    private volatile Map<String, InstalledPackage> live = Map.of();
    private long number;
    private long removals;
    private Optional<ScheduledFuture<?>> planned = Optional.empty();
    private long notBefore = System.nanoTime();

    /** Makes versions, one after another. */
    private final ScheduledExecutorService maker =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("library-versions"));

    /** Deletes what is in the trash, or has it deleted by who finds something when this is closed; the rest goes at the next start. */
    private final ThreadPoolExecutor sweeper = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            sweep -> new Thread(sweep, "library-sweeper"),
            (sweep, closed) -> sweep.run());

    /** A package that is to go live. */
    private record Arrival(InstalledPackage installed, CompletableFuture<Void> live) {}

    private LibrarySnapshots(Path root, Path trash, Retirement retirement) {
        this.root = root;
        this.trash = trash;
        this.directory = new AppDirectory(root);
        this.retirement = retirement;
    }

    /**
     * Opens a library, new or old, and removes what a crash left of changes that did not go live.
     *
     * @param root without links
     * @param trash a directory of its own on the same file system, emptied by whoever opens it next
     */
    static LibrarySnapshots open(Path root, Path trash, Retirement retirement) {
        LibrarySnapshots opened = new LibrarySnapshots(root, trash, retirement);
        try {
            Files.createDirectories(root.resolve("packages"));
            Files.createDirectories(root.resolve("versions"));
            opened.recover();
        } catch (IOException e) {
            throw new BuilderException("the library " + root + " cannot be opened: " + e.getMessage(), e);
        }
        return opened;
    }

    private void recover() throws IOException {
        directory.dropHalfMadeLink();
        Optional<Path> last = directory.live();
        if (last.isPresent()) {
            live = read(last.get());
            versions.put(last.get(), live);
            number = AppDirectory.build(last.get());
        }
        for (Path version : directory.versions()) {
            number = Math.max(number, AppDirectory.build(version));
            if (last.filter(version::equals).isEmpty()) {
                remove(version);
            }
        }
        Set<Path> kept = stored();
        for (Path name : Disk.list(root.resolve("packages"))) {
            for (Path entry : Disk.list(name)) {
                if (!kept.contains(entry)) {
                    remove(entry);
                }
            }
            Disk.deleteEmpty(name);
        }
    }

    private static Map<String, InstalledPackage> read(Path version) throws IOException {
        List<InstalledPackage> all =
                JSON.readValue(version.resolve(LIST).toFile(), new TypeReference<List<InstalledPackage>>() {});
        Map<String, InstalledPackage> byName = new TreeMap<>();
        all.forEach(one -> byName.put(one.name(), one));
        return Map.copyOf(byName);
    }

    /** What is live now, by name. */
    Map<String, InstalledPackage> packages() {
        return live;
    }

    /** What is live now or about to be, all of which stays until the hold is closed. */
    synchronized VersionHolds.Hold hold() {
        Map<String, InstalledPackage> there = new HashMap<>(live);
        arrivals.values().forEach(one -> there.put(one.installed().name(), one.installed()));
        return holds.hold(directory.live(), there);
    }

    /** How many of them requests had installed. */
    long asked() {
        return live.values().stream().filter(one -> one.sync().isEmpty()).count();
    }

    /** Where all packages are, each in a library of its own. */
    Path packagesDirectory() {
        return root.resolve("packages");
    }

    /** The directory of a package that is live or about to be. */
    Path directoryOf(InstalledPackage installed) {
        return libraryOf(installed).resolve(installed.name());
    }

    private Path libraryOf(InstalledPackage installed) {
        return packagesDirectory().resolve(installed.name()).resolve(installed.id());
    }

    /**
     * Puts a package in place, to go live soon in place of any of its name, together with others.
     *
     * @param library with the package alone; is moved
     * @return complete when it is live; fails with an {@link IOException} when it cannot be, with a {@link BuildFailure} when something
     *     that it needs cannot be
     */
    synchronized CompletableFuture<Void> put(InstalledPackage installed, Path library) throws IOException {
        Path entry = libraryOf(installed);
        if (!stored().contains(entry)) { // else a version still has it, if not the live one
            if (Files.exists(entry)) {
                remove(entry); // it did not go live
            }
            Files.createDirectories(entry.getParent());
            Files.move(library, entry, StandardCopyOption.ATOMIC_MOVE);
        }
        Arrival arrival = new Arrival(installed, new CompletableFuture<>());
        if (arrivals.isEmpty()) {
            schedule();
        }
        arrivals.put(installed.name(), arrival);
        return arrival.live();
    }

    private void schedule() {
        planned = Optional.of(maker.schedule(this::putLive, notBefore - System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    /** Whoever puts has no more for now: what is in place goes live at once. */
    synchronized void flush() {
        planned.ifPresent(later -> later.cancel(false));
        maker.execute(() -> {
            putLive();
            forgetLost();
        });
    }

    private void putLive() {
        List<Arrival> all;
        synchronized (this) {
            dropWhatNeedsLost();
            all = List.copyOf(arrivals.values());
        }
        if (all.isEmpty()) {
            return;
        }
        Map<String, InstalledPackage> next = new TreeMap<>(live);
        all.forEach(one -> next.put(one.installed().name(), one.installed()));
        Optional<IOException> failure = Optional.empty();
        try {
            makeLive(next);
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(new IOException("the library could not be changed: " + e.getMessage(), e));
        }
        synchronized (this) {
            arrivals.values().removeAll(all);
            if (failure.isPresent()) {
                all.forEach(one -> lost.add(one.installed().name()));
            }
            if (!arrivals.isEmpty()) {
                schedule();
            }
        }
        for (Arrival one : all) {
            failure.ifPresentOrElse(
                    e -> one.live().completeExceptionally(e), () -> one.live().complete(null));
        }
    }

    /** Each arrives after all that it needs. */
    private void dropWhatNeedsLost() {
        for (Arrival one : List.copyOf(arrivals.values())) {
            InstalledPackage installed = one.installed();
            Optional<String> need =
                    installed.needs().stream().filter(lost::contains).findFirst();
            if (need.isPresent()) {
                arrivals.remove(installed.name());
                lost.add(installed.name());
                one.live()
                        .completeExceptionally(
                                new BuildFailure("needs %s, which could not be put in place".formatted(need.get())));
            }
        }
    }

    private synchronized void forgetLost() {
        lost.clear();
    }

    /** Takes packages off the library. */
    void remove(Collection<String> names) throws IOException {
        CompletableFuture<Void> removed = CompletableFuture.runAsync(
                () -> {
                    Map<String, InstalledPackage> next = new TreeMap<>(live);
                    if (next.keySet().removeAll(names)) {
                        try {
                            makeLive(next);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                },
                maker);
        try {
            removed.join();
        } catch (CompletionException e) {
            throw new IOException("the library could not be changed: " + e.getMessage(), e);
        }
    }

    /** On the maker's thread only. */
    private void makeLive(Map<String, InstalledPackage> packages) throws IOException {
        long began = System.nanoTime();
        Optional<Path> before = directory.live();
        Map<String, InstalledPackage> next = Map.copyOf(packages);
        Path version = directory.version(number + 1);
        Path made = trash.resolve("made-" + (number + 1));
        try {
            write(made, next.values());
            Files.move(made, version, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Disk.delete(made);
            throw e;
        }
        Disk.syncContents(root);
        synchronized (this) {
            number++;
            versions.put(version, next);
            switchTo(version);
            live = next;
            long end = System.nanoTime();
            notBefore = end + Math.max(REST_NANOS, RESTS * (end - began));
        }
        before.ifPresent(old -> retirement.retire(old, () -> holds.whenFree(old, () -> discard(old))));
    }

    private void switchTo(Path version) throws IOException {
        try {
            directory.makeLive(version);
        } catch (IOException e) {
            if (directory.live().filter(version::equals).isEmpty()) {
                versions.remove(version);
                remove(version);
                throw e;
            }
            log.warn("{} is live, and a power cut now may undo that", version, e);
        }
    }

    private void write(Path made, Collection<InstalledPackage> packages) throws IOException {
        Files.createDirectory(made);
        Path fromVersion = Path.of("..", "..", "packages");
        for (InstalledPackage one : packages) {
            Path target = fromVersion.resolve(one.name()).resolve(one.id()).resolve(one.name());
            Files.createSymbolicLink(made.resolve(one.name()), target);
        }
        JSON.writeValue(made.resolve(LIST).toFile(), packages);
    }

    /** Takes a version away at once; what only it had goes a little later. */
    private synchronized void discard(Path version) {
        Map<String, InstalledPackage> held = versions.remove(version);
        try {
            remove(version);
        } catch (IOException e) {
            log.warn("{} could not be removed; the next start does", version, e);
        }
        sweeper.execute(() -> discard(held.values()));
    }

    private synchronized void discard(Collection<InstalledPackage> held) {
        Set<Path> kept = stored();
        for (InstalledPackage one : held) {
            Path entry = libraryOf(one);
            try {
                if (!kept.contains(entry) && Files.exists(entry)) {
                    remove(entry);
                    Disk.deleteEmpty(entry.getParent());
                }
            } catch (IOException e) {
                log.warn("{} could not be removed; the next start does", entry, e);
            }
        }
    }

    /** What the versions that are there link to, and what is to be in the next one. */
    private Set<Path> stored() {
        Set<Path> stored = new HashSet<>();
        versions.values().forEach(packages -> packages.values().forEach(one -> stored.add(libraryOf(one))));
        arrivals.values().forEach(one -> stored.add(libraryOf(one.installed())));
        return stored;
    }

    private void remove(Path path) throws IOException {
        removals++;
        Path gone = trash.resolve("removed-" + removals);
        Files.move(path, gone, StandardCopyOption.ATOMIC_MOVE);
        sweeper.execute(() -> Disk.delete(gone));
    }

    /** What is in place and not live yet is as if it had not been put. */
    @Override
    public void close() {
        maker.shutdown();
        sweeper.shutdown();
        try {
            if (!maker.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)
                    || !sweeper.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("old packages are still being deleted; that goes on after the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
