package org.ocpu.webapp;

/** The server or a command cannot do what it was asked; the message says what to do. */
class WebappException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WebappException(String message) {
        super(message);
    }

    WebappException(String message, Throwable cause) {
        super(message, cause);
    }
}
