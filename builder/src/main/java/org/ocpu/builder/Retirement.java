package org.ocpu.builder;

import java.nio.file.Path;

/** What becomes of a version that is no longer live: whoever serves it lets go of it. */
@FunctionalInterface
interface Retirement {
    /** Where nobody serves versions. */
    Retirement AT_ONCE = (version, whenUnused) -> whenUnused.run();

    /**
     * Ends what is kept ready for the version's requests.
     *
     * @param whenUnused to be run when the last request is done with the version: now, or on that request's thread
     */
    void retire(Path version, Runnable whenUnused);
}
