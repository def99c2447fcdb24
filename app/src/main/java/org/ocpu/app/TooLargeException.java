package org.ocpu.app;

/** What a call left or what was to be read is larger than a setting allows, which the message names. */
public final class TooLargeException extends RpcException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
        super(message);
    }
}
