package org.ocpu.builder;

/** A newer push of the same app makes a build pointless: nobody's failure. */
final class Superseded extends BuilderException {
    private static final long serialVersionUID = 1L;

    private final long newer;

    Superseded(long newer) {
        super("superseded by #" + newer);
        this.newer = newer;
    }

    long newer() {
        return newer;
    }
}
