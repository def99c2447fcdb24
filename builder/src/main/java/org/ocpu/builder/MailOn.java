package org.ocpu.builder;

/** After which builds or runs of a sync a mail is sent: the settings {@code mail_on} and {@code sync.NAME.mail_on}. */
enum MailOn {
    ALWAYS,
    /** After those that failed; of runs also those that could not begin. */
    FAILURE,
    /**
     * After the first build, each failure, and the first success after a failure; after each run that failed, or added, updated
     * or removed something.
     */
    CHANGE
}
