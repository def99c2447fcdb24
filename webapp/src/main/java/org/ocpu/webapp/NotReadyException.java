package org.ocpu.webapp;

/** Something is missing that the server needs. */
final class NotReadyException extends WebappException {
    private static final long serialVersionUID = 1L;

    NotReadyException(String message) {
        super(message);
    }
}
