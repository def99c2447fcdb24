package org.ocpu.builder;

/** Something went wrong in the builder; subclasses are named for what happened. */
public class BuilderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BuilderException(String message) {
        super(message);
    }

    BuilderException(String message, Throwable cause) {
        super(message, cause);
    }
}
