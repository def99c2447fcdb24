package org.ocpu.mailer;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** A mail in the form it has on the wire and in the outbox (RFC 5322). */
final class Eml {
    private static final Session NO_SERVER = Session.getInstance(new Properties());

    private Eml() {}

    static MimeMessage compose(Message message) {
        try {
            MimeMessage mail = new MimeMessage(NO_SERVER);
            mail.setFrom(new InternetAddress(message.from()));
            mail.setRecipients(MimeMessage.RecipientType.TO, String.join(",", message.to()));
            mail.setRecipients(MimeMessage.RecipientType.CC, String.join(",", message.cc()));
            mail.setSubject(message.subject(), "UTF-8");
            mail.setText(message.text().lines().collect(Collectors.joining("\r\n", "", "\r\n")), "UTF-8");
            mail.setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(OffsetDateTime.now(ZoneOffset.UTC)));
            mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: keeps vacation responders quiet
            mail.saveChanges();
            return mail;
        } catch (MessagingException e) {
            throw new MailException("the mail cannot be composed: " + e.getMessage(), e);
        }
    }

    static byte[] bytes(Message message) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            compose(message).writeTo(out);
            return out.toByteArray();
        } catch (IOException | MessagingException e) {
            throw new MailException("the mail cannot be composed: " + e.getMessage(), e);
        }
    }

    static MimeMessage read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new MimeMessage(NO_SERVER, in);
        } catch (IOException | MessagingException e) {
            throw new MailException("the mail cannot be read: " + e.getMessage(), e);
        }
    }

    static List<String> recipients(MimeMessage mail) {
        try {
            return Arrays.stream(mail.getAllRecipients()).map(Object::toString).toList();
        } catch (MessagingException e) {
            throw new MailException("the mail cannot be read: " + e.getMessage(), e);
        }
    }
}
