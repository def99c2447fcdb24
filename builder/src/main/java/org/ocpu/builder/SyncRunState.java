package org.ocpu.builder;

import java.util.Locale;

/** How a run of a sync stands. */
public enum SyncRunState {
    /** Another run of the same library has to end first. */
    WAITING,
    RUNNING,
    /** Everything is in sync; of a sync of all that there is, everything that can be had here. */
    SUCCEEDED,
    /** Something could not be brought in sync; its old version, if any, stays. */
    FAILED,
    /** The server ended, or somebody cancelled the run. The next one goes on from there. */
    STOPPED;

    public boolean finished() {
        return this != WAITING && this != RUNNING;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
