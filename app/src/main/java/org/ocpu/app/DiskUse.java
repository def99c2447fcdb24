package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a directory with all in it takes, as far as it can be read; follows no links.
 *
 * @param content bytes that the files hold
 * @param space bytes of disk: each file and directory counts whole blocks, and at least one, so that many small or empty ones are
 *     seen, too
 * @param entries files and directories
 */
public record DiskUse(long content, long space, long entries) {
    /** Bytes of a block. */
    static final long BLOCK = 4_096;

    static DiskUse of(Path directory) throws IOException {
        return of(directory, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** Counts so many files and directories at most; nothing where there is no such directory. */
    public static DiskUse below(Path directory, long entries) {
        try {
            return Files.exists(directory) ? of(directory, Long.MAX_VALUE, entries) : new DiskUse(0, 0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Counts until one of these is exceeded.
     *
     * @param space bytes of disk
     */
    static DiskUse of(Path directory, long space, long entries) throws IOException {
        Sum sum = new Sum(space, entries);
        Files.walkFileTree(directory, sum);
        return new DiskUse(sum.content, sum.space, sum.entries);
    }

    /** Adds up what it visits. */
    private static final class Sum extends SimpleFileVisitor<Path> {
        private final long mostSpace;
        private final long mostEntries;
        private long content;
        private long space;
        private long entries;

        Sum(long mostSpace, long mostEntries) {
            this.mostSpace = mostSpace;
            this.mostEntries = mostEntries;
        }

        private FileVisitResult add(long blocks) {
            entries++;
            space += Math.max(1, blocks) * BLOCK;
            return space > mostSpace || entries > mostEntries ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
            return add(1);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
            content += about.size();
            return add((about.size() + BLOCK - 1) / BLOCK);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException unreadable) {
            return FileVisitResult.CONTINUE;
        }
    }
}
