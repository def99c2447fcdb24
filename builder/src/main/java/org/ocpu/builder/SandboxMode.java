package org.ocpu.builder;

/** What to do where builds cannot be confined: the setting {@code sandbox}. */
enum SandboxMode {
    /** Build without, and say so. */
    AUTO,
    /** Refuse to build. */
    REQUIRED
}
