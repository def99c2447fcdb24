package org.ocpu.mailer;

/** The base of what goes wrong with mails; thrown itself when the outbox's files or a mail cannot be read or written. */
public class MailException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MailException(String message, Throwable cause) {
        super(message, cause);
    }
}
