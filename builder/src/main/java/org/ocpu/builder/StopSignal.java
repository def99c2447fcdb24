package org.ocpu.builder;

import java.util.ArrayList;
import java.util.List;

/** Tells running builds that the server closes. Thread-safe. */
final class StopSignal {
    private final List<Runnable> reactions = new ArrayList<>();
    private boolean stopped;

    synchronized boolean stopped() {
        return stopped;
    }

    /** @throws BuildStopped when the server closes */
    void check() {
        if (stopped()) {
            throw new BuildStopped();
        }
    }

    /**
     * Runs this when the server closes, at once if it already does.
     *
     * @return takes it back; once that is cancelled the reaction neither runs nor is running
     */
    synchronized Registration onStop(Runnable reaction) {
        if (stopped) {
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

    synchronized void stop() {
        stopped = true;
        reactions.forEach(Runnable::run);
        reactions.clear();
    }

    private synchronized void forget(Runnable reaction) {
        reactions.remove(reaction);
    }
}
