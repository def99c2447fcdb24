package org.ocpu.webapp;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints what long work does: a line a stage, with the seconds it took. */
final class Stages {
    private final PrintWriter out;
    private long mark = System.nanoTime();

    Stages(PrintWriter out) {
        this.out = out;
    }

    /** That much is done, since the last one. */
    void done(String stage) {
        done(stage, (System.nanoTime() - mark) / 1e9);
        mark();
    }

    /** What comes next begins now. */
    void mark() {
        mark = System.nanoTime();
    }

    void done(String stage, double seconds) {
        out.printf(Locale.ROOT, "  %-30s %7.1f s%n", stage, seconds);
        out.flush();
    }
}
