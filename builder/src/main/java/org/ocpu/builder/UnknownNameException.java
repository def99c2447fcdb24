package org.ocpu.builder;

/** There is no build, app or version of that name. */
public final class UnknownNameException extends BuilderException {
    private static final long serialVersionUID = 1L;

    UnknownNameException(String message) {
        super(message);
    }
}
