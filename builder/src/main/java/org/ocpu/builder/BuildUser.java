package org.ocpu.builder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user that exists nowhere else, under which one command runs at a time: a number without a name, a password or a home.
 *
 * <p>The number is locked while it is taken, also against other servers on this machine; the kernel takes the lock back when
 * the server dies.
 */
final class BuildUser implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuildUser.class);
    private static final long KILL_SECONDS = 10;

    private final int id;
    private final Closeable lock;

    /** @param lock gives the number back when it is closed */
    BuildUser(int id, Closeable lock) {
        this.id = id;
        this.lock = lock;
    }

    int id() {
        return id;
    }

    /** What has to stand before a command so that it runs as this user, without capabilities and ways to get some. */
    List<String> prefix() {
        return List.of(
                "setpriv",
                "--reuid=" + id,
                "--regid=" + id,
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs");
    }

    /** Ends all processes of this user, wherever they hide: only what runs in a build has it. */
    void killAll() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILL_SECONDS);
        while (runs()) {
            if (System.nanoTime() > end) {
                log.error("processes of user {} cannot be ended", id);
                return;
            }
            kill();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // the kernel needs a moment to end them
        }
    }

    private boolean runs() {
        return Disk.list(Path.of("/proc")).stream()
                .filter(entry ->
                        Character.isDigit(entry.getFileName().toString().charAt(0)))
                .anyMatch(this::isMine);
    }

    private boolean isMine(Path process) {
        try {
            List<String> status = Files.readAllLines(process.resolve("status"));
            return status.stream().anyMatch(line -> line.startsWith("Uid:\t" + id + "\t"))
                    && status.stream().noneMatch(line -> line.startsWith("State:\tZ"));
        } catch (IOException ended) {
            return false;
        }
    }

    private void kill() {
        List<String> command = new ArrayList<>(prefix());
        command.addAll(List.of("sh", "-c", "kill -KILL -1"));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            log.error("processes of user {} may still run", id, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("user {} cannot be given back", id, e);
        }
    }
}
