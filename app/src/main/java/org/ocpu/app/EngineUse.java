package org.ocpu.app;

import java.time.Instant;
import java.util.Optional;

/** How many requests use an engine, which ends once it was retired and the last of them is done. Thread-safe. */
final class EngineUse {
    private final Runnable end;
    private int inFlight;
    private long lastUsed;
    private boolean retired;
    private boolean ended;

    /** @param end is run once */
    EngineUse(Runnable end) {
        this.end = end;
    }

    /** False when the engine is going away: ask for another one. */
    synchronized boolean enter() {
        if (retired) {
            return false;
        }
        inFlight++;
        lastUsed = System.currentTimeMillis();
        return true;
    }

    synchronized void leave() {
        inFlight--;
        endWhenUnused();
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /** When a request last began to use it. */
    synchronized Optional<Instant> lastUsed() {
        return lastUsed == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lastUsed));
    }

    synchronized void retire() {
        retired = true;
        endWhenUnused();
    }

    private void endWhenUnused() {
        if (retired && inFlight == 0 && !ended) {
            ended = true;
            end.run();
        }
    }
}
