package org.ocpu.app;

/** An R process that forks workers, each for one request. */
interface Engine {
    /** A connection to one of its workers, which may take that long. */
    Worker worker(TimeLimit limit);

    /** Where its workers work. */
    RequestDirectories directories();
}
