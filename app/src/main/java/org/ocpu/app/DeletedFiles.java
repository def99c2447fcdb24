package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files that are in no directory any more, but that processes still have open or in their address space, so that they take their space
 * on disk (see proc(5)). Those that are only in an address space are seen by a server that is root.
 */
final class DeletedFiles {
    private static final int REGULAR = 0100000;
    private static final int KIND = 0170000;
    private static final String DELETED = " (deleted)";

    private final Set<Object> seen = new HashSet<>();
    private final long enough;
    private long size;

    private DeletedFiles(long enough) {
        this.enough = enough;
    }

    /**
     * Bytes of these files, each counted once.
     *
     * @param enough bytes beyond which nothing more is counted
     */
    static long size(List<Long> processes, long enough) {
        DeletedFiles files = new DeletedFiles(enough);
        for (long pid : processes) {
            Path process = Path.of("/proc", Long.toString(pid));
            files.addOpen(process.resolve("fd"));
            files.addMapped(process);
        }
        return files.size;
    }

    private void addOpen(Path descriptors) {
        try (Stream<Path> open = Files.list(descriptors)) {
            open.takeWhile(descriptor -> size <= enough).forEach(this::add);
        } catch (IOException | UncheckedIOException gone) {
            return; // or, for a server that is not root, closed to it
        }
    }

    private void addMapped(Path process) {
        try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
            maps.takeWhile(line -> size <= enough)
                    .filter(line -> line.endsWith(DELETED) && !line.contains(" /dev/zero"))
                    .forEach(line -> add(process.resolve("map_files").resolve(line.substring(0, line.indexOf(' ')))));
        } catch (IOException | UncheckedIOException gone) {
            return;
        }
    }

    /** @param link of /proc, which leads to the file itself */
    private void add(Path link) {
        try {
            Map<String, Object> file = Files.readAttributes(link, "unix:mode,dev,ino,nlink,size");
            boolean deleted = ((int) file.get("mode") & KIND) == REGULAR && (int) file.get("nlink") == 0;
            if (deleted && seen.add(List.of(file.get("dev"), file.get("ino")))) {
                size += (long) file.get("size");
            }
        } catch (IOException closed) {
            return;
        }
    }
}
