package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits that the kernel keeps for each process.
 *
 * @param countsProcesses whether the processes of the command's user are the command's alone
 * @param countsMemory whether memory has to be limited here, process by process
 */
record ResourceLimits(BuilderConfig.Limits limits, boolean countsProcesses, boolean countsMemory) {
    private static final long FILES = 4_096;

    /** What has to stand before the command. */
    List<String> prefix(Duration left) throws IOException {
        List<String> all = new ArrayList<>(List.of("prlimit", "--core=0:0"));
        long seconds = (left.toSeconds() + 1) * Runtime.getRuntime().availableProcessors();
        add(all, "--cpu", seconds, "Max cpu time");
        add(all, "--fsize", limits.disk(), "Max file size");
        add(all, "--nofile", FILES, "Max open files");
        if (countsProcesses) {
            add(all, "--nproc", limits.processes(), "Max processes");
        }
        if (countsMemory) {
            add(all, "--as", limits.memory(), "Max address space");
        }
        all.add("--");
        return all;
    }

    private static void add(List<String> all, String option, long value, String name) throws IOException {
        long most = Math.min(value, hard(name));
        all.add(option + "=" + most + ":" + most);
    }

    /** The server's own hard limit, above which it cannot go. */
    private static long hard(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[1])
                .filter(value -> !value.equals("unlimited"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
