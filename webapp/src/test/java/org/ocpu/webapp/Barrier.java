package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** What can stand between a request and the rest of the machine, and whether this machine can have it. */
enum Barrier {
    /** What needs nothing of the kernel that any Linux does not have. */
    ALWAYS,
    /** Landlock, for files. */
    LANDLOCK,
    /** Landlock's list of what is shown of {@code /etc} where workers are the server's user. */
    SETTINGS,
    /** Landlock's scopes, for signals and abstract sockets (ABI 6), and its rule that who is confined traces nobody who is less so. */
    SCOPES,
    /** A filter of system calls. */
    SECCOMP,
    /** A user of its own for each worker, which needs a server that runs as root. */
    USERS,
    /** {@code network: deny}. */
    NETWORK;

    /** Those that this machine can have. What the server says of itself does not count. */
    static Set<Barrier> here(Path directory, AttackCode code) throws IOException {
        String[] kernel = RProgram.run(
                        directory,
                        "dyn.load('%s'); cat(.C('ocpu_landlock', 0L)[[1]], .C('ocpu_seccomp', 0L)[[1]])"
                                .formatted(code.library()))
                .strip()
                .split(" ");
        int landlock = Integer.parseInt(kernel[0]);
        Set<Barrier> barriers = EnumSet.of(ALWAYS);
        add(barriers, LANDLOCK, landlock >= 1);
        add(barriers, SETTINGS, landlock >= 1 && !root());
        add(barriers, SCOPES, landlock >= 6);
        add(barriers, SECCOMP, kernel[1].equals("1"));
        add(barriers, NETWORK, kernel[1].equals("1"));
        add(barriers, USERS, root());
        return barriers;
    }

    private static void add(Set<Barrier> barriers, Barrier barrier, boolean there) {
        if (there) {
            barriers.add(barrier);
        }
    }

    private static boolean root() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
