package org.ocpu.app.rexp;

import org.ocpu.app.rdata.RDataException;

/** A message is not a REXP, says what no R value can be, or passes a limit; the message says which. */
public final class RexpException extends RDataException {
    private static final long serialVersionUID = 1L;

    public RexpException(String message) {
        super(message);
    }

    public RexpException(String message, Throwable cause) {
        super(message, cause);
    }
}
