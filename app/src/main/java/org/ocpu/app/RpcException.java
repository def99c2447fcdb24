package org.ocpu.app;

/** Anything that keeps the RPC core from answering; subclasses are named for what happened. */
public class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RpcException(String message) {
        super(message);
    }

    public RpcException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param trace whether it is worth the time to tell where in the program it comes from */
    RpcException(String message, boolean trace) {
        super(message, null, true, trace);
    }
}
