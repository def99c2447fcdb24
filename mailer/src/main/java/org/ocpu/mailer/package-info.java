/**
 * Mail that cannot fail a build: one mail as a record, SMTP delivery, and a durable outbox that retries, and parks
 * what cannot be delivered.
 *
 * <p>{@link org.ocpu.mailer.Outbox} is the door. It imports nothing else of ocpu; Angus Mail's types stay inside the
 * package.
 */
package org.ocpu.mailer;
