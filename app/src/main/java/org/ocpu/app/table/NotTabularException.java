package org.ocpu.app.table;

/** A value that no table can be made of; the message says what it is and is safe to show. */
public final class NotTabularException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotTabularException(String message) {
        super(message);
    }
}
