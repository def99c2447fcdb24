package org.ocpu.builder;

import java.util.function.Consumer;

/**
 * Where builds are written down.
 *
 * @param news told of each change of a build's state
 */
record BuildRecords(BuildStore store, BuildLogs logs, AppLibrary apps, BuildReport report, Consumer<Build> news) {

    /** A build ended before it began: says so where its author looks. */
    void endedWaiting(long id, String why) {
        logs.open(id).line(Stage.QUEUE, why);
        logs.end(id);
        store.build(id).ifPresent(news);
    }

    /** Ends a waiting build that a newer one makes pointless. */
    void supersede(Build older, Build newer) {
        if (store.supersedeQueued(older.id(), newer.id())) {
            endedWaiting(older.id(), "superseded by #" + newer.id() + ", which is newer");
        }
    }
}
