package org.ocpu.builder;

import java.util.Locale;

/** The stages of a build, in order; {@code QUEUE} is only where lines of the log are from before it began. */
enum Stage {
    QUEUE,
    CHECKOUT,
    DEPENDENCIES,
    INSTALL,
    CHECK,
    PUBLISH,
    REPORT;

    /** The stage's name for people and clients. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
