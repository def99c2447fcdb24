package org.ocpu.app;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the program from ending. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** Makes threads that all have this name, which tells what they are for. */
    public static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
