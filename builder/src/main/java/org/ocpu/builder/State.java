package org.ocpu.builder;

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

    public boolean finished() {
        return this != QUEUED && this != RUNNING;
    }
}
