package org.ocpu.builder;

/** After which builds a mail is sent: the setting {@code mail_on}. */
enum MailOn {
    ALWAYS,
    FAILURE,
    /** After the first build, each failure, and the first success after a failure. */
    CHANGE
}
