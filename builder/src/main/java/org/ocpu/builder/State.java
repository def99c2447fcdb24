package org.ocpu.builder;

/** How far a build or a stage of it is. */
public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED;

    public boolean finished() {
        return this == SUCCEEDED || this == FAILED;
    }
}
