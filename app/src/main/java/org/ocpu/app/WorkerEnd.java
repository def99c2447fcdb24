package org.ocpu.app;

import java.util.Map;

/**
 * How a worker ended; told by its engine.
 *
 * @param reason why this server ended it; empty when it did not
 */
record WorkerEnd(boolean timedOut, boolean signalled, int number, String reason) {
    /** With its engine, or as nobody has told. */
    static final WorkerEnd UNKNOWN = new WorkerEnd(false, true, 9);

    private static final Map<Integer, String> SIGNALS = Map.of(
            4, "illegal instruction",
            6, "abort",
            7, "bus error",
            8, "arithmetic error",
            9, "killed",
            11, "segmentation fault",
            15, "terminated",
            31, "a system call that is not allowed");
    private static final int CPU_LIMIT = 24;
    private static final int FILE_LIMIT = 25;

    WorkerEnd(boolean timedOut, boolean signalled, int number) {
        this(timedOut, signalled, number, "");
    }

    /** From "exit PID signal|status N timeout|-", split at the spaces. */
    static WorkerEnd parse(String[] event) {
        return new WorkerEnd(event[4].equals("timeout"), event[2].equals("signal"), Integer.parseInt(event[3]));
    }

    WorkerEnd because(String why) {
        return new WorkerEnd(timedOut, signalled, number, why);
    }

    String explain(TimeLimit limit) {
        if (!reason.isEmpty()) {
            return reason;
        }
        if (timedOut) {
            return "The call was stopped because it ran longer than the server allows (" + limit + ").";
        }
        if (signalled && number == CPU_LIMIT) {
            return "The call was stopped because it took more processor time than the server allows (rlimit.cpu).";
        }
        if (signalled && number == FILE_LIMIT) {
            return "The call was stopped because it wrote a larger file than the server allows (rlimit.fsize).";
        }
        if (signalled) {
            return "The R process crashed: signal " + number + " (" + SIGNALS.getOrDefault(number, "unknown") + ").";
        }
        return "The R process ended before it answered (exit status " + number + "), as after quit().";
    }
}
