package org.ocpu.app;

/** What was asked for needs software that is not installed here; the message names it. */
public final class NotAvailableException extends RpcException {
    private static final long serialVersionUID = 1L;

    public NotAvailableException(String message) {
        super(message);
    }
}
