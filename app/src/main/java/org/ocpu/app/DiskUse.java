package org.ocpu.app;

import java.io.IOException;
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
 */
record DiskUse(long content, long space) {
    private static final long BLOCK = 4_096;

    static DiskUse of(Path directory) throws IOException {
        return of(directory, Long.MAX_VALUE);
    }

    /** @param enough bytes of disk beyond which nothing more is counted */
    static DiskUse of(Path directory, long enough) throws IOException {
        Sum sum = new Sum(enough);
        Files.walkFileTree(directory, sum);
        return new DiskUse(sum.content, sum.space);
    }

    /** Adds up what it visits. */
    private static final class Sum extends SimpleFileVisitor<Path> {
        private final long enough;
        private long content;
        private long space;

        Sum(long enough) {
            this.enough = enough;
        }

        private FileVisitResult next() {
            return space > enough ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
            space += BLOCK;
            return next();
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
            content += about.size();
            space += Math.max(1, (about.size() + BLOCK - 1) / BLOCK) * BLOCK;
            return next();
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
