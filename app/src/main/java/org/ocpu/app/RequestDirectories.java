package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The working directories of one engine's requests, all below two directories of its own, since it can reach nothing else: it may read
 * in one, and write in the other, where the boxes of workers are while these have them. Those that a
 * request left clean are used again, the oldest first and only when many are there: making and removing them costs the file system more
 * than the rest of a short call's files, and by then whatever the last worker had started is long killed. Thread-safe.
 */
final class RequestDirectories implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDirectories.class);
    private static final int SPARE = 64;

    private final Path root;
    private final Path boxes;
    private final UserPart users;
    private final AtomicLong count = new AtomicLong();
    private final Queue<Path> clean = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cleanCount = new AtomicInteger();

    /**
     * @param root not there yet
     * @param boxes where workers have their boxes; not there yet
     * @param users whom these may be given to
     */
    RequestDirectories(Path root, Path boxes, UserPart users) {
        this.users = users;
        try {
            this.root = Files.createDirectory(root);
            this.boxes = Files.createDirectory(boxes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the directory of an engine", e);
        }
    }

    /** Where the engine may read. */
    Path root() {
        return root;
    }

    /** Where the engine may write. */
    Path boxes() {
        return boxes;
    }

    /** Whom they may be given to. */
    UserPart users() {
        return users;
    }

    RequestDirectory open() {
        Path directory = reused();
        return new RequestDirectory(directory, boxes.resolve(directory.getFileName()), users, this::takeBack);
    }

    private Path reused() {
        if (cleanCount.decrementAndGet() >= SPARE) {
            return clean.remove();
        }
        cleanCount.incrementAndGet();
        return RequestDirectory.made(root.resolve("r" + count.incrementAndGet()));
    }

    private void takeBack(RequestDirectory directory) {
        if (directory.isClean()) {
            clean.add(directory.root());
            cleanCount.incrementAndGet();
        } else {
            delete(directory::delete);
        }
    }

    private interface Deletion {
        void run() throws IOException;
    }

    /** What cannot be removed goes with the next start. */
    private static void delete(Deletion deletion) {
        try {
            deletion.run();
        } catch (IOException e) {
            LOG.warn("A working directory stays until the next start: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        delete(() -> Trees.delete(boxes));
        delete(() -> Trees.delete(root));
    }
}
