package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users that engines and workers run as when the server is root: numbers that neither Linux distributions nor systemd give to
 * anything (see systemd's UIDS-GIDS). A server has a range of them for itself, each engine a part of it: its own user, and one for each
 * of its workers.
 */
final class WorkerUsers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerUsers.class);
    private static final boolean ROOT = hasRootsNumber();
    private static final Path LOCKS = Path.of("/run/ocpu");
    private static final long FIRST = 1_879_048_192L;

    /** As many as the settings allow, for twice the engines: one that is retired has its users until all that it ran has ended. */
    private static final int RANGE = 524_288;

    private static final int RANGES = 64;
    private static final int SPARE = 16;

    /** By this process, which must not even open their files: closing one again would give up its lock (fcntl(2)). */
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private final FileChannel lock;
    private final int number;
    private final int ofEngine;
    private final UserParts parts;

    /** @param lock null for no users */
    private WorkerUsers(FileChannel lock, int number, int ofEngine) {
        this.lock = lock;
        this.number = number;
        this.ofEngine = ofEngine;
        this.parts = new UserParts(FIRST + (long) number * RANGE, ofEngine, RANGE / ofEngine);
    }

    /**
     * A range that no other server has; one without users when this server is not root, or workers are not confined.
     *
     * @throws IllegalArgumentException when there is none to be had: workers would be root
     */
    static WorkerUsers take(AppConfig config) {
        return take(config, isRoot(), LOCKS);
    }

    /** @param locks a directory in which servers note which range is theirs */
    static WorkerUsers take(AppConfig config, boolean root, Path locks) {
        int ofEngine = config.maxWorkers() + config.idleWorkers() + config.maxEngines() + SPARE;
        if (!root || config.limits().mode() == SandboxMode.OFF) {
            return new WorkerUsers(null, 0, ofEngine);
        }
        try {
            Files.createDirectories(locks);
            for (int number = 0; number < RANGES; number++) {
                FileChannel lock = lock(locks, number);
                if (lock != null) {
                    return new WorkerUsers(lock, number, ofEngine);
                }
            }
            throw refusal("other servers have taken all there are, as the files in " + locks + " say", null);
        } catch (IOException e) {
            throw refusal("files cannot be made in " + locks + " (" + e + ")", e);
        }
    }

    private static IllegalArgumentException refusal(String reason, IOException cause) {
        return new IllegalArgumentException(
                "This server is root, and there are no users for its workers: " + reason
                        + ". Make that possible or start it as another user. With sandbox: off workers are root.",
                cause);
    }

    static boolean isRoot() {
        return ROOT;
    }

    /** Whatever its name is. */
    private static boolean hasRootsNumber() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel lock(Path locks, int number) throws IOException {
        if (!TAKEN.add(number)) {
            return null;
        }
        FileChannel channel = FileChannel.open(
                locks.resolve("worker-users-" + number),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (channel.tryLock() == null) {
            channel.close();
            TAKEN.remove(number);
            return null;
        }
        return channel;
    }

    /** How many there are, all in all. */
    int range() {
        return RANGE;
    }

    /** How many an engine has: its own and its workers'. */
    int ofEngine() {
        return ofEngine;
    }

    /**
     * The users of one more engine.
     *
     * @throws OverloadedException when all are taken
     */
    UserPart take() {
        return lock == null ? UserPart.NONE : parts.take();
    }

    /** Of an engine that has ended. */
    void giveBack(UserPart part) {
        if (lock != null) {
            parts.giveBack(part);
        }
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
                TAKEN.remove(number);
            }
        } catch (IOException e) {
            LOG.warn("Cannot give back the users of workers", e);
        }
    }
}
