package org.ocpu.builder;

/** What was asked for is not possible as things stand now: cancelling a finished build, say. */
public final class ConflictException extends BuilderException {
    private static final long serialVersionUID = 1L;

    ConflictException(String message) {
        super(message);
    }
}
