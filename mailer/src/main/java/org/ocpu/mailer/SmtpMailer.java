package org.ocpu.mailer;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/**
 * Delivers over SMTP, one connection a mail. Thread-safe.
 *
 * <p>A recipient the server refuses does not keep the mail from the others. Refusals with a 5xx code are final for the
 * recipients concerned; everything else (no connection, a wrong password, 4xx codes) may succeed later.
 */
public final class SmtpMailer implements Mailer {
    private final SmtpServer server;
    private final Session session;

    public SmtpMailer(SmtpServer server) {
        this.server = server;
        this.session = Session.getInstance(properties(server));
    }

    @Override
    public void send(Message message) {
        deliver(Eml.compose(message), message.recipients());
    }

    /** Sends the mail as it is, its Message-ID and date included, to these recipients only. */
    void deliver(MimeMessage mail, List<String> recipients) {
        try (Transport transport = session.getTransport("smtp")) {
            connect(transport);
            transport.sendMessage(mail, addresses(recipients));
        } catch (SendFailedException e) {
            throw new DeliveryException(reason(e), e, delivered(e), undelivered(e));
        } catch (MessagingException e) {
            throw new DeliveryException(reason(e), e, false, recipients);
        }
    }

    private void connect(Transport transport) throws MessagingException {
        if (server.login().isPresent()) {
            SmtpServer.Login login = server.login().get();
            transport.connect(server.host(), server.port(), login.user(), login.password());
        } else {
            transport.connect(server.host(), server.port(), null, null);
        }
    }

    private static boolean delivered(SendFailedException e) {
        Address[] sent = e.getValidSentAddresses();
        return sent != null && sent.length > 0;
    }

    private static List<String> undelivered(SendFailedException e) {
        boolean refusedWhole = e instanceof SMTPSendFailedException refusal && refusal.getReturnCode() >= 500;
        Address[] unsent = e.getValidUnsentAddresses();
        return refusedWhole || unsent == null
                ? List.of()
                : Arrays.stream(unsent).map(Address::toString).toList();
    }

    /** The server's own words, on one line: Angus chains an exception for each refused recipient to a general one. */
    private static String reason(MessagingException e) {
        boolean general = e instanceof SendFailedException && e.getNextException() != null;
        List<String> lines = new ArrayList<>();
        for (Exception next = general ? e.getNextException() : e;
                next != null;
                next = next instanceof MessagingException m ? m.getNextException() : null) {
            String line = String.valueOf(next.getMessage()).strip().replaceAll("\\s*[;\\s]*[\\r\\n]+\\s*", "; ");
            if (!lines.contains(line)) {
                lines.add(line);
            }
        }
        return String.join(": ", lines);
    }

    private static Address[] addresses(List<String> recipients) throws AddressException {
        List<Address> addresses = new ArrayList<>();
        for (String recipient : recipients) {
            addresses.add(new InternetAddress(recipient, true));
        }
        return addresses.toArray(Address[]::new);
    }

    private static Properties properties(SmtpServer server) {
        String timeout = Long.toString(server.timeout().toMillis());
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.connectiontimeout", timeout);
        properties.setProperty("mail.smtp.timeout", timeout);
        properties.setProperty("mail.smtp.writetimeout", timeout);
        properties.setProperty("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(server.starttls()));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(server.starttls()));
        properties.setProperty("mail.smtp.sendpartial", "true");
        return properties;
    }
}
