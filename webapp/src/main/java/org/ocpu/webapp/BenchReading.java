package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server has at one moment, as the system tells (see proc(5)).
 *
 * @param heap bytes that are in use in Java's heap after a garbage collection
 * @param server resident bytes of the server itself
 * @param engines bytes of all below it, engines and the workers that wait: each one's own, and its share of what they have in common
 * @param descriptors that the server has open
 * @param engineDescriptors that all below it have open
 * @param threads of the server
 * @param processes below the server
 * @param directories for requests of the engines
 * @param sessions that are kept
 */
record BenchReading(
        long heap,
        long server,
        long engines,
        long descriptors,
        long engineDescriptors,
        long threads,
        long processes,
        long directories,
        long sessions) {
    private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");
    private static final Pattern REQUEST = Pattern.compile("[a-z]\\d+/r\\d+");
    private static final Pattern SESSION = Pattern.compile("[^/]+/x0[0-9a-f]+");

    static BenchReading of(BenchProcess server) throws IOException, InterruptedException {
        long pid = server.handle().pid();
        long heap = heap(pid);
        List<Long> below = server.handle().descendants().map(ProcessHandle::pid).toList();
        return new BenchReading(
                heap,
                kilobytes(pid, "status", "VmRSS:"),
                below.stream()
                        .mapToLong(one -> kilobytes(one, "smaps_rollup", "Pss:"))
                        .sum(),
                entries(pid, "fd"),
                below.stream().mapToLong(one -> entries(one, "fd")).sum(),
                entries(pid, "task"),
                below.size(),
                below(server.data().resolve("work").resolve("requests"), REQUEST),
                below(server.data().resolve("sessions"), SESSION));
    }

    private static long heap(long pid) throws IOException, InterruptedException {
        String server = Long.toString(pid);
        run(BenchProcess.java("jcmd"), server, "GC.run");
        return HEAP.matcher(run(BenchProcess.java("jcmd"), server, "GC.heap_info"))
                .results()
                .map(MatchResult::group)
                .mapToLong(part -> Long.parseLong(part.replaceAll(".* used (\\d+)K", "$1")))
                .map(kilobytes -> kilobytes << 10)
                .sum();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new WebappException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    private static long kilobytes(long pid, String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    private static long entries(long pid, String directory) {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), directory))) {
            return all.count();
        } catch (IOException gone) {
            return 0;
        }
    }

    /** What is two levels below and is called so. */
    private static long below(Path directory, Pattern name) throws IOException {
        long count = 0;
        try (Stream<Path> parts = Files.list(directory)) {
            for (Path part : parts.filter(Files::isDirectory).toList()) {
                try (Stream<Path> entries = Files.list(part)) {
                    count += entries.map(directory::relativize)
                            .filter(entry -> name.matcher(entry.toString()).matches())
                            .count();
                }
            }
        }
        return count;
    }
}
