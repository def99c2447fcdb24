package org.ocpu.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control group of one command, in which the kernel counts its processes and their memory together. */
public final class ControlGroup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlGroup.class);
    private static final String JOIN =
            "while [ \"$1\" != -- ]; do echo $$ > \"$1\" || exit 125; shift; done; shift; exec \"$@\"";
    private static final long KILL_SECONDS = 10;

    private final List<Path> directories;

    ControlGroup(List<Path> directories) {
        this.directories = directories;
    }

    /** What has to stand before a command so that it runs in here. */
    public List<String> prefix() {
        List<String> all = new ArrayList<>(List.of("sh", "-c", JOIN, "sh"));
        directories.forEach(
                directory -> all.add(directory.resolve("cgroup.procs").toString()));
        all.add("--");
        return all;
    }

    /** Moves a process in here; what it starts from now on is here, too. */
    void add(long process) throws IOException {
        for (Path directory : directories) {
            Files.writeString(directory.resolve("cgroup.procs"), Long.toString(process), StandardOpenOption.WRITE);
        }
    }

    /** Whether the kernel has ended a process because all together needed more memory than they may. */
    public boolean ranOutOfMemory() {
        return counted("memory.events", "oom_kill") || counted("memory.oom_control", "oom_kill");
    }

    /** Whether the kernel has refused to start one more process. */
    public boolean ranOutOfProcesses() {
        return counted("pids.events", "max");
    }

    /** Ends all in here. */
    public void killAll() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILL_SECONDS);
        for (List<Long> left = processes(); !left.isEmpty(); left = processes()) {
            if (System.nanoTime() > end) {
                log.error("processes {} cannot be ended", left);
                return;
            }
            left.forEach(process -> ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // the kernel needs a moment to end them
        }
    }

    private List<Long> processes() {
        List<Long> all = new ArrayList<>();
        for (Path directory : directories) {
            try (Stream<String> lines = Files.lines(directory.resolve("cgroup.procs"))) {
                lines.map(Long::valueOf).filter(process -> process > 0).forEach(all::add);
            } catch (IOException e) {
                log.warn("{} cannot be read", directory, e);
            }
        }
        return all;
    }

    private boolean counted(String file, String name) {
        return directories.stream()
                .map(directory -> directory.resolve(file))
                .filter(Files::isReadable)
                .anyMatch(counts -> above0(counts, name));
    }

    private static boolean above0(Path counts, String name) {
        try (Stream<String> lines = Files.lines(counts)) {
            return lines.anyMatch(line -> line.startsWith(name + " ") && !line.endsWith(" 0"));
        } catch (IOException e) {
            log.warn("{} cannot be read", counts, e);
            return false;
        }
    }

    @Override
    public void close() {
        for (Path directory : directories) {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                log.warn("{} cannot be removed", directory, e);
            }
        }
    }
}
