package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A process and all that came of it, as they were at one moment (see proc(5)). Processes in a namespace of their own have two numbers:
 * that which they know, and that which this server sees.
 */
final class ProcessTree {
    private final Map<Long, List<Long>> children = new HashMap<>();
    private final Map<Long, Long> seen = new HashMap<>();

    private ProcessTree() {}

    /** @param root as this server sees it */
    static ProcessTree of(long root) {
        ProcessTree tree = new ProcessTree();
        Deque<Long> waiting = new ArrayDeque<>(List.of(root));
        while (!waiting.isEmpty()) {
            long pid = waiting.pop();
            if (!tree.children.containsKey(pid)) {
                waiting.addAll(tree.add(pid));
            }
        }
        return tree;
    }

    /** Returns those right below it. */
    private List<Long> add(long pid) {
        List<Long> below = new ArrayList<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                for (String child : Files.readString(thread.resolve("children")).split(" ")) {
                    if (!child.isBlank()) {
                        below.add(Long.parseLong(child));
                    }
                }
            }
            seen.put(known(pid), pid);
        } catch (IOException | UncheckedIOException gone) {
            return List.of();
        }
        children.put(pid, below);
        return below;
    }

    private static long known(long pid) throws IOException {
        return field(pid, "status", "NSpid:")
                .map(numbers -> Long.parseLong(numbers.replaceAll(".*\\s", "")))
                .orElse(pid);
    }

    /** The process that knows itself by that number, as this server sees it. */
    Optional<Long> seen(int pid) {
        return Optional.ofNullable(seen.get((long) pid));
    }

    /** The process that knows itself by that number and all below it, if it is itself below that one; else none. */
    List<Long> below(long ancestor, int pid) {
        return seen(pid)
                .filter(process -> process != ancestor && with(ancestor).contains(process))
                .map(this::with)
                .orElse(List.of());
    }

    /** That process and all below it. */
    List<Long> with(long pid) {
        return with(pid, Set.of());
    }

    /** That process and all below it, but for those and all below them. */
    List<Long> with(long pid, Set<Long> without) {
        List<Long> all = new ArrayList<>(List.of(pid));
        for (int i = 0; i < all.size(); i++) {
            for (long child : children.getOrDefault(all.get(i), List.of())) {
                if (!without.contains(child)) {
                    all.add(child);
                }
            }
        }
        return all;
    }

    /** Bytes of memory that a process has, of which it may share some with others; 0 when it is gone. */
    static long resident(long pid) {
        return kilobytes(pid, "status", "VmRSS:");
    }

    /** Bytes of memory that a process takes: its own, and its share of what it has in common with others; 0 when it is gone. */
    static long proportional(long pid) {
        long part = kilobytes(pid, "smaps_rollup", "Pss:");
        return part > 0 ? part : resident(pid); // a process can close itself to others of its user
    }

    private static long kilobytes(long pid, String file, String name) {
        try {
            return field(pid, file, name)
                            .map(text -> Long.parseLong(text.replaceAll("\\D", "")))
                            .orElse(0L)
                    * 1024;
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    private static Optional<String> field(long pid, String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst();
        }
    }
}
