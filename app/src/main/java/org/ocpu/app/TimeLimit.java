package org.ocpu.app;

import java.time.Duration;

/** How long a worker may run, and the setting that says so, for the message when it runs longer. */
record TimeLimit(String setting, Duration duration) {
    @Override
    public String toString() {
        return setting + " = " + duration.toSeconds() + " s";
    }
}
