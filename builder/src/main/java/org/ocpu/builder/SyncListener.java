package org.ocpu.builder;

/** Hears of a run as it goes on; one call at a time. */
public interface SyncListener {
    /** How the run stands now. */
    void run(SyncRunView run);

    /** How one of its packages stands now. */
    void changed(SyncPackageView changed);

    /** Nothing follows; the run has ended. */
    void end();
}
