package org.ocpu.builder;

import java.util.Optional;
import java.util.regex.Pattern;
import org.ocpu.app.ControlGroup;

/** Tells from what a failed command said, and how it ended, which limit it has run into. For one thread at a time. */
final class LimitSigns {
    private static final int KILLED = 128 + 9;
    private static final int TOO_MUCH_CPU = 128 + 24;
    private static final int FILE_TOO_LARGE = 128 + 25;
    private static final Pattern MEMORY = Pattern.compile(
            "cannot allocate (memory|vector|buffer)|std::bad_alloc"
                    + "|(virtual )?memory exhausted|out of memory|cannot map segment",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern PROCESSES = Pattern.compile(
            "(fork|clone|thread|process|system call).*Resource temporarily unavailable|cannot fork|unable to fork"
                    + "|fork: retry",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DISK =
            Pattern.compile("File too large|File size limit exceeded|signal 25", Pattern.CASE_INSENSITIVE);

    private final BuilderConfig.Limits limits;
    private boolean memory;
    private boolean processes;
    private boolean disk;

    LimitSigns(BuilderConfig.Limits limits) {
        this.limits = limits;
    }

    void hear(String line) {
        memory |= MEMORY.matcher(line).find();
        processes |= PROCESSES.matcher(line).find();
        disk |= DISK.matcher(line).find();
    }

    /** @param group in which it ran, still there */
    Optional<String> exceeded(int exit, Optional<ControlGroup> group) {
        if (exit == 0) {
            return Optional.empty();
        }
        if (exit == FILE_TOO_LARGE || disk) {
            return limit("%d bytes of disk", limits.disk(), BuilderConfig.DISK_KEY);
        }
        if (exit == TOO_MUCH_CPU) {
            return Optional.of("the build has used all the processor time it may (" + BuilderConfig.LIMIT_KEY + ")");
        }
        if (processes || group.filter(ControlGroup::ranOutOfProcesses).isPresent()) {
            return limit("%d processes at once", limits.processes(), BuilderConfig.PROCESSES_KEY);
        }
        // where nobody counts, the kernel's killer of processes is the likeliest to have sent the signal
        boolean killed = group.map(ControlGroup::ranOutOfMemory).orElse(exit == KILLED);
        if (killed || memory) {
            return limit("%d bytes of memory", limits.memory(), BuilderConfig.MEMORY_KEY);
        }
        return Optional.empty();
    }

    private static Optional<String> limit(String what, long value, String key) {
        return Optional.of(("the build may use no more than " + what + " (%s)").formatted(value, key));
    }
}
