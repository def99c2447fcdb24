package org.ocpu.builder;

/** A delivery that is no push as GitHub sends it; the message tells its sender what is wrong. */
final class UnusableDelivery extends BuilderException {
    private static final long serialVersionUID = 1L;

    private final int status;

    UnusableDelivery(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
