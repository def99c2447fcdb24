package org.ocpu.builder;

/** A build cannot go on; the message is the reason its author reads in the log, on the page and in the mail. */
class BuildFailure extends BuilderException {
    private static final long serialVersionUID = 1L;

    BuildFailure(String reason) {
        super(reason);
    }

    BuildFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
