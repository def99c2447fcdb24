package org.ocpu.mailer;

/** Delivers a mail now, or says why not. */
public interface Mailer {
    /**
     * Returns when the mail has been handed over for every recipient.
     *
     * @throws DeliveryException when it could not be delivered to all of them
     */
    void send(Message message);
}
