package org.ocpu.builder;

/** There is no reason to build any more: the commit itself asks not to be built, or its app was removed. Nobody's failure. */
final class Skipped extends BuilderException {
    private static final long serialVersionUID = 1L;

    Skipped(String reason) {
        super(reason);
    }
}
