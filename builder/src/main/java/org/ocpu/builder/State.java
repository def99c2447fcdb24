package org.ocpu.builder;

import java.util.Locale;

/** How far a build or a stage of it is. */
public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** A newer push of the same app made it pointless. */
    SUPERSEDED,
    /** Someone ended it. */
    CANCELLED;

    /** The state's name for people and clients. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean finished() {
        return this != QUEUED && this != RUNNING;
    }
}
