package org.ocpu.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes control groups for commands below this server's own, of version 2 or, where the machine still has them, of version 1.
 *
 * <p>In version 2 a group that holds processes has no limited ones below it, so the server must be in one of a delegated
 * group (systemd: {@code Delegate=yes} and {@code DelegateSubgroup=server}) and commands get theirs beside it.
 */
public final class ControlGroups {
    private static final Logger log = LoggerFactory.getLogger(ControlGroups.class);
    private static final Pattern NAME = Pattern.compile("ocpu-[a-z]+-(\\d{1,10})-.*");
    private static final String SWAP = "memory.swap.max";
    private static final String WEIGHT = "cpu.weight";

    /** Half of what any other group has, as the server's. */
    private static final long ENGINES_WEIGHT = 50;

    private static final AtomicLong NUMBER = new AtomicLong();

    /** Directories in which groups are made, each with the files that limit one. */
    private final Map<Path, Map<String, Long>> parents;

    /** What is written into files that a group need not have. */
    private final Map<String, Long> wishes;

    private final String purpose;

    private ControlGroups(String purpose, Map<Path, Map<String, Long>> parents, Map<String, Long> wishes) {
        this.purpose = purpose;
        this.parents = parents;
        this.wishes = wishes;
    }

    /** A mounted hierarchy of groups and the one the server is in. */
    private record Hierarchy(boolean version2, Set<String> controllers, Path mount, Path own) {}

    /**
     * Those for one purpose; nothing where this server may not make any that limit memory or processes.
     *
     * @param purpose a word for the groups' names
     * @param memory bytes that all processes in a group may have together
     * @param processes how many processes and threads there may be in a group
     */
    public static Optional<ControlGroups> find(String purpose, long memory, long processes) {
        return limiting(purpose, memory, processes, Map.of(SWAP, 0L));
    }

    /**
     * The same for calls, of which each has a group beside that of the engines: in version 2, where processes are in one group only, they
     * leave the engines' share of the processors for one of their own.
     *
     * @param most how many calls there may be at a time
     */
    static Optional<ControlGroups> ofCalls(long memory, long processes, int most) {
        return limiting("call", memory, processes, Map.of(SWAP, 0L, WEIGHT, weight(most)));
    }

    /** All calls together weigh as much as the engines, as far as the kernel can tell: 1 is the least. */
    static long weight(int calls) {
        return Math.max(1, ENGINES_WEIGHT / calls);
    }

    private static Optional<ControlGroups> limiting(
            String purpose, long memory, long processes, Map<String, Long> wishes) {
        return in(
                purpose,
                wishes,
                hierarchy -> hierarchy.version2()
                        ? Map.of("memory.max", memory, "pids.max", processes)
                        : version1(hierarchy, Map.of("memory.limit_in_bytes", memory, "pids.max", processes)));
    }

    /**
     * Those whose processes, in version 2 together with all calls, get as much of the processors as any other group, or the server alone,
     * when all want them.
     */
    static Optional<ControlGroups> sharing(String purpose) {
        return in(
                purpose,
                Map.of(),
                hierarchy -> hierarchy.version2()
                        ? Map.of(WEIGHT, ENGINES_WEIGHT)
                        : version1(hierarchy, Map.of("cpu.shares", 1024L)));
    }

    private static Optional<ControlGroups> in(
            String purpose, Map<String, Long> wishes, Function<Hierarchy, Map<String, Long>> limits) {
        Map<Path, Map<String, Long>> parents = new TreeMap<>();
        for (Hierarchy hierarchy : hierarchies()) {
            Map<String, Long> values = limits.apply(hierarchy);
            parent(hierarchy, values.keySet()).ifPresent(parent -> parents.put(parent, values));
        }
        parents.keySet().forEach(ControlGroups::removeLeft);
        ControlGroups groups = new ControlGroups(purpose, parents, wishes);
        return parents.isEmpty() ? Optional.empty() : Optional.of(groups);
    }

    public boolean limitMemory() {
        return limit("memory.");
    }

    public boolean limitProcesses() {
        return limit("pids.");
    }

    /** A new group, with nothing in it. */
    public ControlGroup make() throws IOException {
        String name = "ocpu-" + purpose + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        List<Path> made = new ArrayList<>();
        ControlGroup group = new ControlGroup(made);
        try {
            for (Map.Entry<Path, Map<String, Long>> parent : parents.entrySet()) {
                Path directory = Files.createDirectory(parent.getKey().resolve(name));
                made.add(directory);
                write(directory, parent.getValue(), wishes);
            }
            return group;
        } catch (IOException e) {
            group.close();
            throw e;
        }
    }

    private boolean limit(String prefix) {
        return parents.values().stream()
                .flatMap(values -> values.keySet().stream())
                .anyMatch(file -> file.startsWith(prefix));
    }

    /** Of these files, those of the hierarchy's controllers. */
    private static Map<String, Long> version1(Hierarchy hierarchy, Map<String, Long> files) {
        Map<String, Long> values = new TreeMap<>(files);
        values.keySet().removeIf(file -> !hierarchy.controllers().contains(file.substring(0, file.indexOf('.'))));
        return values;
    }

    /** Where groups with these files can be made. */
    private static Optional<Path> parent(Hierarchy hierarchy, Set<String> files) {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        List<Path> candidates = new ArrayList<>(List.of(hierarchy.own()));
        if (hierarchy.version2() && delegated(hierarchy.own().getParent())) {
            candidates.add(hierarchy.own().getParent());
        }
        return candidates.stream()
                .filter(candidate -> candidate.startsWith(hierarchy.mount()))
                .filter(candidate -> works(candidate, files))
                .findFirst();
    }

    /** Whether systemd leaves this one to the service. */
    private static boolean delegated(Path group) {
        try {
            UserDefinedFileAttributeView view = Files.getFileAttributeView(group, UserDefinedFileAttributeView.class);
            return view != null && view.list().contains("delegate");
        } catch (IOException e) {
            log.debug("{} has no attributes", group, e);
            return false;
        }
    }

    private static boolean works(Path parent, Set<String> files) {
        Path probe = parent.resolve("ocpu-probe-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
        try {
            Files.createDirectory(probe);
            boolean works = files.stream().allMatch(file -> Files.isWritable(probe.resolve(file)))
                    && Files.isWritable(probe.resolve("cgroup.procs"));
            Files.delete(probe);
            return works;
        } catch (IOException e) {
            log.debug("no control groups can be made in {}", parent, e);
            return false;
        }
    }

    /** Removes the groups of servers that are no more, and ends what they have left running. */
    private static void removeLeft(Path parent) {
        try (Stream<Path> groups = Files.list(parent)) {
            for (Path group : groups.toList()) {
                Matcher name = NAME.matcher(group.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    ControlGroup left = new ControlGroup(List.of(group));
                    left.killAll();
                    left.close();
                }
            }
        } catch (IOException e) {
            log.warn("{} cannot be listed", parent, e);
        }
    }

    /** The hierarchies that count memory or processes, as {@code cgroups(7)} has the files say. */
    private static List<Hierarchy> hierarchies() {
        List<Hierarchy> all = new ArrayList<>();
        try {
            List<String> own = Files.readAllLines(Path.of("/proc/self/cgroup"));
            for (String mount : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                hierarchy(mount.split(" "), own).ifPresent(all::add);
            }
        } catch (IOException e) {
            log.debug("no control groups here", e);
        }
        return all;
    }

    private static Optional<Hierarchy> hierarchy(String[] mount, List<String> own) {
        int dash = Arrays.asList(mount).indexOf("-");
        boolean version2 = mount[dash + 1].equals("cgroup2");
        if (!version2 && !mount[dash + 1].equals("cgroup")) {
            return Optional.empty();
        }
        Set<String> controllers = version2 ? Set.of("") : Set.of(mount[dash + 3].split(","));
        Path point = Path.of(mount[4]);
        return own.stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> Arrays.stream(parts[1].split(",")).anyMatch(controllers::contains))
                .map(parts -> below(point, Path.of(mount[3]), Path.of(parts[2])))
                .map(group -> new Hierarchy(version2, controllers, point, group))
                .findFirst();
    }

    /** A group's directory, of which only the part below the mount's root is visible. */
    private static Path below(Path point, Path root, Path group) {
        return group.startsWith(root) ? point.resolve(root.relativize(group)) : point;
    }

    /** What a group is to be limited to, and what else it can be. */
    static void write(Path group, Map<String, Long> limits, Map<String, Long> wishes) throws IOException {
        for (Map.Entry<String, Long> limit : limits.entrySet()) {
            write(group.resolve(limit.getKey()), limit.getValue());
        }
        for (Map.Entry<String, Long> wish : wishes.entrySet()) {
            Path file = group.resolve(wish.getKey());
            if (Files.isWritable(file)) {
                write(file, wish.getValue());
            }
        }
    }

    private static void write(Path file, long value) throws IOException {
        Files.write(file, Long.toString(value).getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }
}
