package org.ocpu.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a worker may do and use.
 *
 * @param mode whether workers are confined ({@code sandbox}, auto)
 * @param network whether they may use the network ({@code network}: {@code allow} or {@code deny}, deny)
 * @param addressSpace bytes of address space of each process ({@code rlimit.as}, 4294967296); see setrlimit(2), as for the next four
 * @param fileSize bytes of the largest file that one may write ({@code rlimit.fsize}, 1073741824)
 * @param processes processes and threads of a request ({@code rlimit.nproc}, 256)
 * @param cpu seconds of processor time of each process ({@code rlimit.cpu}, 3600)
 * @param files files that a process may have open ({@code rlimit.nofile}, 1024)
 * @param memory bytes of memory that all processes of a request may use together ({@code workers.memory}, 2147483648)
 * @param disk bytes that a request may have in its working directory ({@code workers.disk}, 2147483648)
 */
public record WorkerLimits(
        SandboxMode mode,
        boolean network,
        long addressSpace,
        long fileSize,
        long processes,
        long cpu,
        long files,
        long memory,
        long disk) {

    private static final Map<String, Long> NUMBERS = Map.of(
            "rlimit.as", 4L << 30,
            "rlimit.fsize", 1L << 30,
            "rlimit.nproc", 256L,
            "rlimit.cpu", 3600L,
            "rlimit.nofile", 1024L,
            "workers.memory", 2L << 30,
            "workers.disk", 2L << 30);

    /** Below these no worker could answer anything. */
    private static final Map<String, Long> LEAST = Map.of(
            "rlimit.as", 1L << 30,
            "rlimit.fsize", 1L << 20,
            "rlimit.nproc", 8L,
            "rlimit.cpu", 1L,
            "rlimit.nofile", 64L,
            "workers.memory", 64L << 20,
            "workers.disk", 1L << 20);

    static Set<String> keys() {
        Set<String> keys = new TreeSet<>(NUMBERS.keySet());
        keys.addAll(Set.of(SandboxMode.KEY, "network"));
        return keys;
    }

    static WorkerLimits from(Map<String, String> settings) {
        return new WorkerLimits(
                SandboxMode.from(settings),
                network(settings.getOrDefault("network", "deny").strip()),
                number(settings, "rlimit.as"),
                number(settings, "rlimit.fsize"),
                number(settings, "rlimit.nproc"),
                number(settings, "rlimit.cpu"),
                number(settings, "rlimit.nofile"),
                number(settings, "workers.memory"),
                number(settings, "workers.disk"));
    }

    /** What stands, by its key. */
    Map<String, Object> values() {
        return Map.of(
                SandboxMode.KEY,
                mode.label(),
                "network",
                network ? "allow" : "deny",
                "rlimit.as",
                addressSpace,
                "rlimit.fsize",
                fileSize,
                "rlimit.nproc",
                processes,
                "rlimit.cpu",
                cpu,
                "rlimit.nofile",
                files,
                "workers.memory",
                memory,
                "workers.disk",
                disk);
    }

    private static boolean network(String text) {
        return switch (text) {
            case "allow" -> true;
            case "deny" -> false;
            default -> throw new IllegalArgumentException("network is neither allow nor deny: " + text);
        };
    }

    private static long number(Map<String, String> settings, String key) {
        String text = settings.get(key);
        try {
            long number = text == null ? NUMBERS.get(key) : Long.parseLong(text.strip());
            if (number < LEAST.get(key)) {
                throw new IllegalArgumentException(
                        key + " is out of range: " + number + ", and at least " + LEAST.get(key) + " is needed");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a whole number: " + text, e);
        }
    }

    /** As {@code ocpu.worker} sets them with setrlimit(2). */
    ObjectNode resources() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("as", addressSpace)
                .put("fsize", fileSize)
                .put("nproc", processes)
                .put("cpu", cpu)
                .put("nofile", files);
    }
}
