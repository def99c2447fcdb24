package org.ocpu.builder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * Measures a build's directory while something writes to it. Each file and directory counts whole blocks, so that many small
 * ones are seen, too; what the command has closed even for its own user counts once it has been taken back. For one thread.
 */
final class DiskWatch {
    private static final long BLOCK = 4_096;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int SHARE = 10;

    private final Path directory;
    private final long most;
    private long next = System.nanoTime();

    DiskWatch(Path directory, long most) {
        this.directory = directory;
        this.most = most;
    }

    /**
     * Measures if the last time was not just now; at most a tenth of the time goes into that.
     *
     * @throws BuildFailure when there is too much
     */
    void look() {
        long now = System.nanoTime();
        if (now - next >= 0) {
            measure();
            next = System.nanoTime() + Math.max(PAUSE, SHARE * (System.nanoTime() - now));
        }
    }

    /** @throws BuildFailure when there is too much */
    void measure() {
        Sum sum = new Sum();
        try {
            Files.walkFileTree(directory, sum);
        } catch (IOException | UncheckedIOException e) {
            throw new BuildFailure("what the build wrote cannot be measured: " + e.getMessage(), e);
        }
        if (sum.bytes > most) {
            throw new BuildFailure(
                    "the build used more than %d bytes of disk (%s)".formatted(most, BuilderConfig.DISK_KEY));
        }
    }

    private final class Sum extends SimpleFileVisitor<Path> {
        private long bytes;

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return add(BLOCK);
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            return add((attributes.size() / BLOCK + 1) * BLOCK);
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
            return skipWhatIsNotThere(failure);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path path, IOException failure) throws IOException {
            return failure == null ? FileVisitResult.CONTINUE : skipWhatIsNotThere(failure);
        }

        private FileVisitResult add(long more) {
            bytes += more;
            return bytes > most ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        private FileVisitResult skipWhatIsNotThere(IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException || failure instanceof AccessDeniedException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
