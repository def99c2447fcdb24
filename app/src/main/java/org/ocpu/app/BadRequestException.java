package org.ocpu.app;

/** The request cannot be understood; the message says why and is safe to show. */
public final class BadRequestException extends RpcException {
    private static final long serialVersionUID = 1L;

    public BadRequestException(String message) {
        super(message);
    }

    public BadRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
