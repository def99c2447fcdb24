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
 * The working directories of one engine's requests, all below a directory of its own, since it can reach nothing else. Those that a
 * request left clean are used again, the oldest first and only when many are there: making and removing them costs the file system more
 * than the rest of a short call's files, and by then whatever the last worker had started is long killed. Thread-safe.
 */
final class RequestDirectories implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDirectories.class);
    private static final int SPARE = 64;

    private final Path root;
    private final AtomicLong count = new AtomicLong();
    private final Queue<Path> clean = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cleanCount = new AtomicInteger();

    /** @param root not there yet */
    RequestDirectories(Path root) {
        try {
            this.root = Files.createDirectory(root);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the directory of an engine", e);
        }
    }

    Path root() {
        return root;
    }

    RequestDirectory open() {
        return new RequestDirectory(reused(), this::takeBack);
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
            delete(directory.root());
        }
    }

    /** What cannot be removed goes with the next start. */
    private static void delete(Path path) {
        try {
            Trees.delete(path);
        } catch (IOException e) {
            LOG.warn("A working directory stays until the next start: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        delete(root);
    }
}
