package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installed packages that apps share: {@code <package>/<id>/<package>/}, so that each {@code <package>/<id>} is a library for R. An
 * entry appears complete, by one rename, and never changes; its modification time is when it was last used. Apps have what they
 * took by links of their own, so an entry can go at any time that no build uses it. Thread-safe.
 */
final class PackageCache {
    private static final Logger log = LoggerFactory.getLogger(PackageCache.class);

    private final Path root;
    private final Path trash;
    private final long largest;
    private final Duration inUse;

    /**
     * @param trash on the same file system
     * @param largest bytes it may grow to
     * @param inUse how long a build may need an entry after it took it
     */
    PackageCache(Path root, Path trash, long largest, Duration inUse) {
        this.root = root;
        this.trash = trash;
        this.largest = largest;
        this.inUse = inUse;
    }

    /** The library that has this entry, if it is there; it stays for as long as a build can last. */
    synchronized Optional<Path> find(String name, String id) throws IOException {
        Path entry = root.resolve(name).resolve(id);
        if (!Files.isDirectory(entry)) {
            return Optional.empty();
        }
        Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
        return Optional.of(entry);
    }

    /** Keeps a library with one package, unless it is there by now. */
    Path keep(String name, String id, Path library) throws IOException {
        Disk.syncContents(library);
        synchronized (this) {
            Optional<Path> other = find(name, id);
            if (other.isPresent()) {
                return other.get();
            }
            Path entry = Files.createDirectories(root.resolve(name)).resolve(id);
            Files.move(library, entry, StandardCopyOption.ATOMIC_MOVE);
            Disk.syncEntries(entry.getParent());
            return find(name, id).orElseThrow();
        }
    }

    /** Puts an entry's package into a library. */
    static void put(Path entry, Path library) throws IOException {
        try (Stream<Path> all = Files.walk(entry)) {
            for (Path from : all.skip(1).toList()) {
                Path to = library.resolve(entry.relativize(from).toString());
                if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(to);
                } else {
                    link(from, to);
                }
            }
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | IOException e) {
            log.debug("{} cannot be linked", from, e);
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Removes what was not used for longest until the rest is small enough. */
    void shrink() throws IOException {
        Map<Path, Long> sizes = new HashMap<>();
        for (Path name : Disk.list(root)) {
            Disk.list(name).forEach(entry -> sizes.put(entry, Disk.size(entry)));
        }
        Map<Path, Instant> used = new HashMap<>();
        for (Path entry : sizes.keySet()) {
            used.put(entry, Files.getLastModifiedTime(entry).toInstant());
        }
        List<Path> oldest = new ArrayList<>(sizes.keySet());
        oldest.sort(Comparator.comparing(used::get));
        long size = sizes.values().stream().mapToLong(Long::longValue).sum();
        for (Path entry : oldest) {
            if (size <= largest) {
                return;
            }
            size -= remove(entry) ? sizes.get(entry) : 0;
        }
    }

    private boolean remove(Path entry) throws IOException {
        Path gone = trash.resolve("cached-" + entry.getParent().getFileName() + "-" + entry.getFileName());
        synchronized (this) {
            Instant used = Files.getLastModifiedTime(entry).toInstant();
            if (used.isAfter(Instant.now().minus(inUse))) {
                return false;
            }
            Files.move(entry, gone, StandardCopyOption.ATOMIC_MOVE);
        }
        Disk.delete(gone);
        return true;
    }
}
