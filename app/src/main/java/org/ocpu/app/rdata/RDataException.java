package org.ocpu.app.rdata;

/** Data are not what R's serialization format allows, end early, or pass a limit; the message says which. */
public class RDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RDataException(String message) {
        super(message);
    }

    public RDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
