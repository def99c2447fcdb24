package org.ocpu.builder;

import java.nio.file.Path;
import java.time.Duration;
import org.ocpu.app.LoadCheck;
import org.ocpu.app.OverloadedException;

/** Loads a freshly installed package in a worker of its own; an R failure is an answer, not an exception. */
@FunctionalInterface
interface LoadChecker {
    /** How long to leave the workers to others when all of them are busy. */
    Duration BUSY = Duration.ofSeconds(1);

    LoadCheck check(Path library, String name, Duration limit);

    /**
     * The same until the deadline, or until it is stopped.
     *
     * @throws BuildFailure when the deadline has passed already
     * @throws BuildStopped when it is stopped
     */
    default LoadCheck check(Path library, String name, Deadline deadline, StopSignal stop) {
        Duration left = deadline.remaining();
        if (left.isZero()) {
            throw deadline.failure();
        }
        Thread here = Thread.currentThread();
        StopSignal.Registration interrupt = stop.onStop(here::interrupt);
        try {
            return checkPatiently(library, name, deadline, stop);
        } catch (RuntimeException e) {
            stop.check();
            throw e;
        } finally {
            interrupt.cancel();
            Thread.interrupted(); // the database's files must not be touched by an interrupted thread
        }
    }

    private LoadCheck checkPatiently(Path library, String name, Deadline deadline, StopSignal stop) {
        while (true) {
            try {
                return check(library, name, deadline.remaining());
            } catch (OverloadedException e) { // requests come first
                if (deadline.remaining().compareTo(BUSY) < 0) {
                    throw e;
                }
                stop.pause(BUSY);
            }
        }
    }
}
