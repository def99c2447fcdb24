package org.ocpu.app;

/** Every worker is busy and the queue is full: try again in a moment. */
public final class OverloadedException extends RpcException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message);
    }
}
