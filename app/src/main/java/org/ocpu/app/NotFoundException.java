package org.ocpu.app;

/** There is no such package, object, session or file; the message says which and is safe to show. */
public final class NotFoundException extends RpcException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super(message);
    }
}
