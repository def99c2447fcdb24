package org.ocpu.builder;

import java.time.Duration;

/** How long talking to a repository may take, and who may end it before that. */
record Patience(Deadline deadline, StopSignal stop) {
    static Patience of(BuildRun run) {
        return new Patience(run.deadline(), run.stop());
    }

    boolean over() {
        return deadline.passed() || stop.stopped();
    }

    /**
     * @throws BuildStopped when the server closes
     * @throws BuildFailure when the time is over
     */
    void check() {
        stop.check();
        if (deadline.passed()) {
            throw deadline.failure();
        }
    }

    Duration remaining() {
        return deadline.remaining();
    }
}
