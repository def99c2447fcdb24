package org.ocpu.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What confines the workers on this machine, as the base engine found it (see {@code ocpu.worker}'s {@code confine.c}).
 *
 * @param root whether the server is root, so that workers can have users and namespaces of their own
 * @param landlock the version of Landlock's interface, 0 without
 * @param seccomp whether system calls are filtered
 * @param users whether each worker has a user of its own
 * @param namespaces whether engines see nothing of the machine's other processes and of the server's data
 * @param groups whether the kernel counts what all processes of a request use together
 */
public record Walls(boolean root, int landlock, boolean seccomp, boolean users, boolean namespaces, boolean groups) {
    /** The first version that guards files against truncation by their path; what filters system calls else refuses that (Linux 6.2). */
    private static final int TRUNCATION = 3;

    /** The first version that keeps signals and abstract sockets inside (Linux 6.12). */
    private static final int SCOPES = 6;

    /** From "ready landlock=7 seccomp=1 users=1 namespaces=1". */
    static Walls parse(boolean root, String ready) {
        Map<String, Integer> parts = Stream.of(ready.split(" "))
                .filter(part -> part.contains("="))
                .map(part -> part.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> Integer.parseInt(part[1])));
        return new Walls(
                root,
                parts.getOrDefault("landlock", 0),
                parts.getOrDefault("seccomp", 0) == 1,
                parts.getOrDefault("users", 0) == 1,
                parts.getOrDefault("namespaces", 0) == 1,
                false);
    }

    /** With what the server itself does about it. */
    Walls with(boolean controlGroups) {
        return new Walls(root, landlock, seccomp, users, namespaces, controlGroups);
    }

    /** Whether what {@code sandbox: required} asks for is there. */
    boolean complete() {
        return landlock > 0 && seccomp && (!root || users);
    }

    /** What confines workers, in words. */
    public List<String> active() {
        List<String> active = new ArrayList<>();
        if (landlock > 0) {
            active.add("Landlock (version " + landlock + ")");
        }
        if (seccomp) {
            active.add("seccomp");
        }
        if (users) {
            active.add("a user for each worker");
        }
        if (namespaces) {
            active.add("namespaces");
        }
        if (groups) {
            active.add("control groups");
        }
        return active;
    }

    /** What could confine them, but is not there, each with what it leaves open. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (landlock == 0) {
            missing.add("Landlock (Linux 5.13 or newer with landlock among its LSMs)");
        } else if (landlock < SCOPES) {
            missing.add("Landlock's scopes for signals and abstract sockets (Linux 6.12)");
        }
        if (landlock > 0 && landlock < TRUNCATION && !seccomp) {
            missing.add("Landlock's guard against truncation (Linux 6.2)");
        }
        if (!seccomp) {
            missing.add("seccomp");
        }
        if (!users) {
            missing.add(root ? "a user for each worker" : "a user for each worker (only for a server that is root)");
        }
        if (!namespaces) {
            missing.add(
                    root
                            ? "namespaces (the server lacks CAP_SYS_ADMIN)"
                            : "namespaces (only for a server that is root)");
        }
        if (!groups) {
            missing.add("control groups (cgroup v2, delegated)");
        }
        return missing;
    }

    /** Both, as a sentence of a log or a page. */
    public String description() {
        return active().isEmpty()
                ? "NOT CONFINED: whoever calls a function can do what the server can"
                : "confined by " + String.join(", ", active())
                        + (missing().isEmpty() ? "" : "; missing: " + String.join(", ", missing()));
    }
}
