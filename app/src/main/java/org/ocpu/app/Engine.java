package org.ocpu.app;

import java.util.List;

/** An R process that forks workers, each for one request. */
interface Engine {
    /** A connection to one of its workers, which may take that long. */
    Worker worker(TimeLimit limit);

    /** Where its workers work. */
    RequestDirectories directories();

    /**
     * Of processes that are now, those of one of its workers.
     *
     * @param worker its number, as it says; nobody else's processes are named, whatever that is
     */
    List<Long> processes(ProcessTree tree, int worker);
}
