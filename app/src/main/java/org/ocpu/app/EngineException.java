package org.ocpu.app;

/** An R engine cannot be started or reached. */
public final class EngineException extends RpcException {
    private static final long serialVersionUID = 1L;

    EngineException(String message) {
        super(message);
    }

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
