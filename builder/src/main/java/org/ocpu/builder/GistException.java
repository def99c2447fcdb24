package org.ocpu.builder;

/** A gist cannot be had, or not now; the message is for whoever asked for it. One that does not exist is unknown instead. */
public final class GistException extends BuilderException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Why {
        /** It is too large, or leads out of itself. */
        REFUSED,
        /** The server that has it does not answer, or not properly. */
        UNREACHABLE,
        /** It did not come in time. */
        TOO_SLOW,
        /** Too many are being fetched. */
        BUSY,
        /** There is no room for another. */
        DISK_FULL
    }

    private final Why why;

    GistException(Why why, String message) {
        super(message);
        this.why = why;
    }

    GistException(Why why, String message, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
