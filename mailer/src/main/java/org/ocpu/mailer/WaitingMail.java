package org.ocpu.mailer;

import java.time.Instant;
import java.util.List;

/**
 * A mail that nobody has got yet and that was not given up, for the admin to look at.
 *
 * @param recipients who are still to get it
 * @param queued when it was handed to the outbox
 * @param status {@link MailStatus.State#WAITING} with why and until when, or {@link MailStatus.State#KEPT}
 */
public record WaitingMail(String id, List<String> recipients, String subject, Instant queued, MailStatus status) {
    public WaitingMail {
        recipients = List.copyOf(recipients);
    }
}
