package org.ocpu.webapp;

/** Another server, which the one that was asked needs for its answer, is down. */
final class GatewayException extends WebappException {
    private static final long serialVersionUID = 1L;

    GatewayException(String message) {
        super(message);
    }
}
