package org.ocpu.builder;

/** The server closes while a build runs: nobody's failure, the build runs again after the next start. */
final class BuildStopped extends BuilderException {
    private static final long serialVersionUID = 1L;

    BuildStopped() {
        super("the server is stopping");
    }
}
