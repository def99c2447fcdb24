package org.ocpu.app;

/** A worker ended without an answer: time limit, crash or {@code quit()}. The message is safe to show. */
public final class WorkerLostException extends RpcException {
    private static final long serialVersionUID = 1L;

    WorkerLostException(String message) {
        super(message);
    }
}
