package org.ocpu.app;

import java.util.Map;

/** How a worker ended that did not answer; told by its engine. */
record WorkerEnd(boolean timedOut, boolean signalled, int number) {
    private static final Map<Integer, String> SIGNALS = Map.of(
            4, "illegal instruction",
            6, "abort",
            7, "bus error",
            8, "arithmetic error",
            9, "killed",
            11, "segmentation fault",
            15, "terminated",
            24, "CPU time limit",
            25, "file size limit");

    /** From "exit PID signal|status N timeout|-", split at the spaces. */
    static WorkerEnd parse(String[] event) {
        return new WorkerEnd(event[4].equals("timeout"), event[2].equals("signal"), Integer.parseInt(event[3]));
    }

    String explain(TimeLimit limit) {
        if (timedOut) {
            return "The call was stopped because it ran longer than the server allows (" + limit + ").";
        }
        if (signalled) {
            return "The R process crashed: signal " + number + " (" + SIGNALS.getOrDefault(number, "unknown") + ").";
        }
        return "The R process ended before it answered (exit status " + number + "), as after quit().";
    }
}
