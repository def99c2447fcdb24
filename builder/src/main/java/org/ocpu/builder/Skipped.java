package org.ocpu.builder;

/** The commit itself asks not to be built: nobody's failure. */
final class Skipped extends BuilderException {
    private static final long serialVersionUID = 1L;

    Skipped(String words) {
        super("the commit's message has " + words + ": nothing is built");
    }
}
