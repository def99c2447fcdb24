package org.ocpu.mailer;

import java.time.Instant;
import java.util.List;

/**
 * A mail that was given up, for the admin to look at.
 *
 * @param id what {@link Outbox#resend} takes
 * @param recipients who did not get it
 * @param queued when it was handed to the outbox
 * @param status why it failed
 */
public record ParkedMail(String id, List<String> recipients, String subject, Instant queued, MailStatus status) {
    public ParkedMail {
        recipients = List.copyOf(recipients);
    }
}
