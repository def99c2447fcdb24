package org.ocpu.builder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users that builds run as when the server runs as root: numbers that neither Linux distributions nor systemd give to
 * anything.
 */
final class BuildUsers {
    private static final int FIRST = 60_600;
    private static final int COUNT = 256;
    private static final Path LOCKS = Path.of("/run/ocpu");

    /** By this process, which must not even open their files: closing one again would give up its lock (fcntl(2)). */
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    /** Takes one that nobody else has; nothing of an earlier owner runs any more. */
    BuildUser take() throws IOException {
        Files.createDirectories(LOCKS);
        for (int id = FIRST; id < FIRST + COUNT; id++) {
            Optional<BuildUser> free = lock(id);
            if (free.isPresent()) {
                free.get().killAll(); // what a killed server has left
                return free.get();
            }
        }
        throw new IOException("all " + COUNT + " users for builds are taken");
    }

    private static Optional<BuildUser> lock(int id) throws IOException {
        if (!TAKEN.add(id)) {
            return Optional.empty();
        }
        FileChannel file = FileChannel.open(
                LOCKS.resolve("build-user-" + id),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (file.tryLock() != null) {
            return Optional.of(new BuildUser(id, () -> {
                file.close();
                TAKEN.remove(id);
            }));
        }
        file.close();
        TAKEN.remove(id);
        return Optional.empty();
    }
}
