package org.ocpu.builder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells a running build that it is to end: the server closes, or someone cancelled it. Thread-safe. */
final class StopSignal {
    private final List<Runnable> reactions = new ArrayList<>();
    private boolean stopped;
    private boolean cancelled;
    private boolean committed;

    synchronized boolean stopped() {
        return stopped || cancelled;
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    /** @throws BuildStopped when the build is to end */
    void check() {
        if (stopped()) {
            throw new BuildStopped();
        }
    }

    /**
     * Waits so long.
     *
     * @throws BuildStopped at once when the build is to end
     */
    synchronized void pause(Duration length) {
        Deadline end = Deadline.in(length);
        try {
            while (!stopped() && !end.passed()) {
                TimeUnit.NANOSECONDS.timedWait(this, end.remaining().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildStopped();
        }
        check();
    }

    /**
     * Runs this when the build is to end, at once if it already is.
     *
     * @return takes it back; once that is cancelled the reaction neither runs nor is running
     */
    synchronized Registration onStop(Runnable reaction) {
        if (stopped()) {
            reaction.run();
        }
        reactions.add(reaction);
        return () -> forget(reaction);
    }

    /** Takes a reaction back. */
    @FunctionalInterface
    interface Registration {
        void cancel();
    }

    /** The server closes. */
    synchronized void stop() {
        stopped = true;
        react();
    }

    /** Someone cancels the build; false when that comes too late. */
    synchronized boolean cancel() {
        if (committed) {
            return false;
        }
        cancelled = true;
        react();
        return true;
    }

    /**
     * From here on the build cannot be cancelled.
     *
     * @throws BuildStopped when it already is, or the server closes
     */
    synchronized void commit() {
        check();
        committed = true;
    }

    private synchronized void react() {
        notifyAll();
        reactions.forEach(Runnable::run);
        reactions.clear();
    }

    private synchronized void forget(Runnable reaction) {
        reactions.remove(reaction);
    }
}
