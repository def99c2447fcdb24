package org.ocpu.app.rdata;

/** Data take more memory than their reader was to spend on them. */
public final class RDataLimitException extends RDataException {
    private static final long serialVersionUID = 1L;

    public RDataLimitException(long limit) {
        super("R data take more than the " + limit + " bytes that are accepted");
    }
}
