package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gists on disk, {@code <user>/<id>/versions/<n>/} and the link {@code current} to the newest one: the most recently used ones
 * up to a number. Thread-safe; the lock is held for renames, not while files are written or deleted.
 *
 * <p>A version appears complete, by one rename, becomes current by another, and goes by a third after its last use.
 */
final class GistStore {
    private static final Logger log = LoggerFactory.getLogger(GistStore.class);

    private final Path gists;
    private final Path work;
    private final int most;
    private final Map<GistName, GistCopy> current = new LinkedHashMap<>(16, 0.75f, true);
    private long rooms;

    private GistStore(Path gists, Path work, int most) {
        this.gists = gists;
        this.work = work;
        this.most = most;
    }

    /**
     * Opens the store and finishes what a crash left half done.
     *
     * @param gists without links
     * @param work on the same file system, which nothing else uses; emptied
     * @param most gists that are kept
     */
    static GistStore open(Path gists, Path work, int most) {
        Disk.list(work).forEach(Disk::delete);
        GistStore store = new GistStore(gists, work, most);
        store.load();
        return store;
    }

    private void load() {
        List<GistName> names = Disk.list(gists).stream()
                .flatMap(user -> Disk.list(user).stream())
                .filter(gist -> Files.isDirectory(gist, LinkOption.NOFOLLOW_LINKS))
                .flatMap(gist ->
                        GistName.of(
                                gist.getParent().getFileName().toString(),
                                gist.getFileName().toString())
                                .stream())
                .toList();
        names.stream()
                .flatMap(name -> loaded(name).stream())
                .sorted(Comparator.comparing(GistStore::made))
                .forEach(copy -> current.put(copy.name(), copy));
        dropSurplus();
    }

    /** The current version, once all others are gone. A gist whose version is broken goes: it can be fetched again. */
    private Optional<GistCopy> loaded(GistName name) {
        try {
            return read(name);
        } catch (IOException | BuilderException e) {
            log.warn("the copy of the gist {} is broken and is dropped: {}", name, e.toString());
            drop(name);
            return Optional.empty();
        }
    }

    /** @throws IOException when that is not whole */
    private Optional<GistCopy> read(GistName name) throws IOException {
        AppDirectory directory = directory(name);
        directory.dropHalfMadeLink();
        Optional<Path> live = directory.live();
        directory.versions().stream()
                .filter(version -> live.filter(version::equals).isEmpty())
                .forEach(Disk::delete);
        if (live.isEmpty()) {
            directory.deleteIfEmpty();
            return Optional.empty();
        }
        GistCopy copy = new GistCopy(name, live.get(), GistCopy.commit(live.get()));
        if (!copy.isThere()) {
            throw new NoSuchFileException(copy.files().toString());
        }
        return Optional.of(copy);
    }

    /** What cannot even be moved away stays where it is, and is no gist. */
    private void drop(GistName name) {
        Path gone = gone();
        try {
            Path directory = name.under(gists);
            Files.move(directory, gone, StandardCopyOption.ATOMIC_MOVE);
            Disk.deleteEmpty(directory.getParent());
        } catch (IOException e) {
            log.warn("what there is of the gist {} cannot be deleted", name, e);
        }
        Disk.delete(gone);
    }

    private synchronized Path gone() {
        return work.resolve("gone-" + ++rooms);
    }

    private static FileTime made(GistCopy copy) {
        try {
            return Files.getLastModifiedTime(copy.path());
        } catch (IOException e) {
            throw new BuilderException(copy.path() + " cannot be read", e);
        }
    }

    /** The current version, which counts as used now, for whoever does not touch its files. */
    synchronized Optional<GistCopy> find(GistName name) {
        Optional<GistCopy> copy = Optional.ofNullable(current.get(name));
        if (copy.isPresent() && !copy.get().isThere()) {
            log.warn("the files of the gist {} have been deleted; it is fetched again", name);
            current.remove(name);
            return Optional.empty();
        }
        return copy;
    }

    /** The current version, whose files stay until it is closed. */
    synchronized Optional<Gist> take(GistName name) {
        Optional<GistCopy> copy = find(name);
        copy.ifPresent(used -> used.uses++);
        return copy.map(used -> new Gist(used, this));
    }

    void release(GistCopy copy) {
        if (released(copy)) {
            discard(copy);
        }
    }

    /** Whether it is to go now. */
    private synchronized boolean released(GistCopy copy) {
        copy.uses--;
        return copy.retired && copy.uses == 0;
    }

    /** A new directory to make a version in; what is left of it when the server ends goes at the next start. */
    synchronized Path room() {
        try {
            return Files.createDirectory(work.resolve(Long.toString(++rooms)));
        } catch (IOException e) {
            throw new BuilderException("there is no room for a gist", e);
        }
    }

    /**
     * Makes what is in a directory the current version.
     *
     * @param made with the version's files in {@link GistCopy#FILES}; moved from there
     */
    GistCopy put(GistName name, Path made, String commit) {
        try {
            Files.writeString(made.resolve(GistCopy.COMMIT), commit + "\n");
            Disk.syncContents(made);
            return replace(name, made, commit);
        } catch (IOException e) {
            throw new BuilderException("the gist " + name + " cannot be kept", e);
        } finally {
            Disk.delete(made); // if it is still there
        }
    }

    private GistCopy replace(GistName name, Path made, String commit) throws IOException {
        Optional<GistCopy> unused;
        GistCopy copy;
        synchronized (this) {
            AppDirectory directory = directory(name);
            copy = new GistCopy(name, directory.version(1 + newest(directory)), commit);
            place(made, copy.path());
            directory.makeLive(copy.path());
            unused = Optional.ofNullable(current.put(name, copy)).filter(this::retire);
        }
        unused.ifPresent(this::discard);
        dropSurplus();
        return copy;
    }

    private static long newest(AppDirectory directory) {
        return directory.versions().stream()
                .mapToLong(AppDirectory::build)
                .max()
                .orElse(0);
    }

    private void place(Path made, Path version) throws IOException {
        Files.createDirectories(version.getParent());
        Files.move(made, version, StandardCopyOption.ATOMIC_MOVE);
        for (Path entered = version.getParent(); !entered.equals(gists.getParent()); entered = entered.getParent()) {
            Disk.syncEntries(entered);
        }
    }

    /** Forgets a gist; its files go after their last use. */
    void remove(GistName name) {
        Optional<GistCopy> unused;
        synchronized (this) {
            unused = Optional.ofNullable(current.remove(name)).filter(this::takeDown);
        }
        unused.ifPresent(this::discard);
    }

    private void dropSurplus() {
        for (Optional<GistName> oldest = surplus(); oldest.isPresent(); oldest = surplus()) {
            log.debug("the gist {} was not used for longest; it is dropped", oldest.get());
            remove(oldest.get());
        }
    }

    private synchronized Optional<GistName> surplus() {
        return current.size() > most ? current.keySet().stream().findFirst() : Optional.empty();
    }

    private boolean takeDown(GistCopy copy) {
        try {
            AppDirectory directory = directory(copy.name());
            if (directory.live().isPresent()) {
                directory.takeDown();
            }
        } catch (IOException e) {
            throw new BuilderException("the gist " + copy.name() + " cannot be removed", e);
        }
        return retire(copy);
    }

    /** Whether it is unused, and so to go now. */
    private boolean retire(GistCopy copy) {
        copy.retired = true;
        return copy.uses == 0;
    }

    private void discard(GistCopy copy) {
        Path gone;
        synchronized (this) {
            gone = gone();
            try {
                Files.move(copy.path(), gone, StandardCopyOption.ATOMIC_MOVE);
                directory(copy.name()).deleteIfEmpty();
            } catch (IOException e) {
                log.warn("an old version of the gist {} stays until the next start", copy.name(), e);
            }
        }
        Disk.delete(gone);
    }

    private AppDirectory directory(GistName name) {
        return new AppDirectory(name.under(gists));
    }
}
