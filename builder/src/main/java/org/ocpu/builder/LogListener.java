package org.ocpu.builder;

/** Hears a build's log; called by one thread at a time, and nothing more after {@link #end}. */
public interface LogListener {
    /**
     * One line.
     *
     * @param number counted from 1 without gaps
     * @param text without its line end
     */
    void line(long number, String text);

    /** The build is finished and its whole log has been told. */
    void end();
}
