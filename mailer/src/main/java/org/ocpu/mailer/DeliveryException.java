package org.ocpu.mailer;

import java.util.List;

/** The SMTP server did not take a mail, or not for every recipient; the message has the server's words. */
public final class DeliveryException extends MailException {
    private static final long serialVersionUID = 1L;

    private final boolean delivered;
    private final transient List<String> undelivered;

    DeliveryException(String message, Throwable cause, boolean delivered, List<String> undelivered) {
        super(message, cause);
        this.delivered = delivered;
        this.undelivered = List.copyOf(undelivered);
    }

    /** Whether somebody got the mail. */
    public boolean delivered() {
        return delivered;
    }

    /** The recipients for whom a later attempt may succeed; empty when trying again is useless. */
    public List<String> undelivered() {
        return undelivered;
    }
}
