package org.ocpu.mailer;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;

/** A mail in the form it has on the wire and in the outbox (RFC 5322). */
final class Eml {
    private static final String UTF_8 = "UTF-8";
    private static final String SPECIAL = "()<>[]:;@\\,.\""; // RFC 5322, 3.2.3: only within quotes
    private static final Session NO_SERVER = Session.getInstance(new Properties());

    private Eml() {}

    static MimeMessage compose(Message message) {
        try {
            MimeMessage mail = new MimeMessage(NO_SERVER);
            mail.setFrom(new InternetAddress(message.from()));
            mail.setRecipients(MimeMessage.RecipientType.TO, String.join(",", message.to()));
            mail.setRecipients(MimeMessage.RecipientType.CC, String.join(",", message.cc()));
            mail.setSubject(message.subject(), UTF_8);
            setContent(mail, message);
            mail.setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(OffsetDateTime.now(ZoneOffset.UTC)));
            mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: keeps vacation responders quiet
            mail.saveChanges(); // gives it an id, which comes before ours
            setThread(mail, message.thread());
            return mail;
        } catch (MessagingException | UnsupportedEncodingException e) {
            throw new MailException("the mail cannot be composed: " + e.getMessage(), e);
        }
    }

    /** Text alone, or text and HTML for the reader's program to choose from: it shows the last one it can (RFC 2046, 5.1.4). */
    private static void setContent(MimeMessage mail, Message message) throws MessagingException {
        if (message.html().isEmpty()) {
            mail.setText(lines(message.text()), UTF_8);
            return;
        }
        MimeBodyPart text = new MimeBodyPart();
        text.setText(lines(message.text()), UTF_8);
        MimeBodyPart html = new MimeBodyPart();
        html.setText(lines(message.html().get()), UTF_8, "html");
        mail.setContent(new MimeMultipart("alternative", text, html));
    }

    private static String lines(String text) {
        return text.lines().collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static void setThread(MimeMessage mail, MailThread thread)
            throws MessagingException, UnsupportedEncodingException {
        if (thread.messageId().isPresent()) {
            mail.setHeader("Message-ID", bracketed(thread.messageId().get()));
        }
        if (thread.inReplyTo().isPresent()) {
            mail.setHeader("In-Reply-To", bracketed(thread.inReplyTo().get()));
            String references = thread.references().stream().map(Eml::bracketed).collect(Collectors.joining("\r\n "));
            mail.setHeader("References", references);
        }
        if (thread.list().isPresent()) {
            MailThread.ListId list = thread.list().get();
            mail.setHeader("List-Id", phrase(list.name()) + bracketed(list.id()));
        }
    }

    private static String bracketed(String id) {
        return "<" + id + ">";
    }

    /** Words that a header may begin with before an address, or nothing; folded behind so that no line grows too long. */
    private static String phrase(String name) throws UnsupportedEncodingException {
        if (name.isBlank()) {
            return "";
        }
        boolean ascii = name.chars().allMatch(c -> c < 127);
        String words = ascii ? MimeUtility.quote(name, SPECIAL) : MimeUtility.encodeWord(name, UTF_8, null);
        return words + "\r\n ";
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

    /** Who a mail in a file is for and what it is about; its text is not read. */
    static Heading heading(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            InternetHeaders headers = new InternetHeaders(in);
            List<String> recipients = new ArrayList<>();
            for (String name : List.of("To", "Cc")) {
                String addresses = Objects.requireNonNullElse(headers.getHeader(name, ","), "");
                for (InternetAddress address : InternetAddress.parse(addresses)) {
                    recipients.add(address.getAddress());
                }
            }
            String subject = Objects.requireNonNullElse(headers.getHeader("Subject", " "), "");
            return new Heading(recipients, MimeUtility.decodeText(MimeUtility.unfold(subject)));
        } catch (IOException | MessagingException e) {
            throw new MailException("the mail cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param recipients all of them, as bare addresses */
    record Heading(List<String> recipients, String subject) {}

    static List<String> recipients(MimeMessage mail) {
        try {
            return Arrays.stream(mail.getAllRecipients()).map(Object::toString).toList();
        } catch (MessagingException e) {
            throw new MailException("the mail cannot be read: " + e.getMessage(), e);
        }
    }
}
