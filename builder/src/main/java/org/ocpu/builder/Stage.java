package org.ocpu.builder;

import java.util.Locale;

/** The stages of a build, in order; {@code QUEUE} only ever shows when it was full. */
enum Stage {
    QUEUE,
    CHECKOUT,
    INSTALL,
    CHECK,
    PUBLISH,
    REPORT;

    /** The stage's name for people and clients. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
