package org.ocpu.builder;

import java.util.Locale;

/** How a package of a run stands. */
public enum SyncPackageState {
    WAITING,
    DOWNLOADING,
    INSTALLING,
    /** Whether it loads. */
    CHECKING,
    ADDED,
    UPDATED,
    REMOVED,
    /** Its old version, if any, stays. */
    FAILED,
    /** Something it needs is missing, the run was stopped, or it is one of all there are and cannot be had here. */
    SKIPPED;

    public boolean finished() {
        return compareTo(ADDED) >= 0;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
