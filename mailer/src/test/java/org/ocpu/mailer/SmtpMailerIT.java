package org.ocpu.mailer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmtpMailerIT {
    private final GreenMail smtp = new GreenMail(ServerSetup.SMTP.dynamicPort());

    @BeforeEach
    void start() {
        smtp.start();
    }

    @AfterEach
    void stop() {
        smtp.stop();
    }

    @Test
    void everyRecipientGetsTheMail() throws Exception {
        mailer(Optional.empty())
                .send(new Message(
                        "ocpu@localhost", List.of("ada@example.org"), List.of("bob@example.org"), "Build 12", "live"));

        MimeMessage[] received = smtp.getReceivedMessages();
        assertEquals(2, received.length);
        assertEquals("Build 12", received[0].getSubject());
        assertEquals("ocpu@localhost", received[0].getFrom()[0].toString());
        assertEquals(
                List.of("ada@example.org", "bob@example.org"),
                Arrays.stream(received[0].getAllRecipients())
                        .map(Object::toString)
                        .toList());
        assertNotNull(received[0].getSentDate());
        assertEquals(received[0].getMessageID(), received[1].getMessageID());
    }

    @Test
    void unicodeArrivesUnchanged() throws Exception {
        String subject = "✗ Paket für 日本 failed: a subject that is longer than one folded header line can be, ☃";
        String text = "Fehler in größe(“x”) : 無效\n\n.\n..\nFrom the top\nlast";

        mailer(Optional.empty()).send(message(subject, text));

        MimeMessage received = smtp.getReceivedMessages()[0];
        assertEquals(subject, received.getSubject());
        assertEquals(text, text(received));
    }

    @Test
    void textAndHtmlArriveTogetherWithTheirThread() throws Exception {
        MailThread thread = new MailThread(
                Optional.of("build-7.alice.stocks@r.example.org"),
                List.of("alice.stocks@r.example.org"),
                Optional.of(new MailThread.ListId("builds of alice/stocks", "stocks.alice.ocpu.r.example.org")));
        mailer(Optional.empty())
                .send(new Message(
                        "ocpu@localhost",
                        List.of("ada@example.org"),
                        List.of(),
                        "s",
                        "größe",
                        Optional.of("<p>größe</p>"),
                        thread));

        MimeMessage received = smtp.getReceivedMessages()[0];
        MimeMultipart both = (MimeMultipart) received.getContent();
        assertEquals("größe", both.getBodyPart(0).getContent().toString().strip());
        assertEquals("<p>größe</p>", both.getBodyPart(1).getContent().toString().strip());
        assertEquals("<build-7.alice.stocks@r.example.org>", received.getMessageID());
        assertEquals("<alice.stocks@r.example.org>", received.getHeader("In-Reply-To", null));
        assertEquals("<alice.stocks@r.example.org>", received.getHeader("References", null));
    }

    @Test
    void aBuildLogOfTwoMegabytesArrivesWhole() throws Exception {
        String log = "** byte-compile and prepare package for lazy loading\n".repeat(40_000) + "x".repeat(5_000) + "é";
        assertTrue(log.length() > 2_000_000);

        mailer(Optional.empty()).send(message("log", log));

        assertEquals(log, text(smtp.getReceivedMessages()[0]));
    }

    @Test
    void aLoginIsUsed() {
        smtp.getUserManager().setAuthRequired(true);
        smtp.setUser("ocpu@example.org", "ocpu", "right");

        mailer(Optional.of(new SmtpServer.Login("ocpu", "right"))).send(message("s", "t"));
        DeliveryException refusal =
                assertThrows(DeliveryException.class, () -> mailer(Optional.of(new SmtpServer.Login("ocpu", "wrong")))
                        .send(message("s", "t")));

        assertEquals(1, smtp.getReceivedMessages().length);
        assertEquals(List.of("ada@example.org"), refusal.undelivered(), "a corrected password must help");
    }

    @Test
    void aServerWithoutTlsGetsNothingWhenTlsIsWanted() {
        SmtpServer server =
                new SmtpServer("127.0.0.1", smtp.getSmtp().getPort(), Optional.empty(), true, Duration.ofSeconds(10));

        DeliveryException refusal =
                assertThrows(DeliveryException.class, () -> new SmtpMailer(server).send(message("s", "t")));

        assertTrue(refusal.getMessage().contains("STARTTLS"), refusal.getMessage());
        assertEquals(0, smtp.getReceivedMessages().length);
    }

    @Test
    void aServerThatIsDownIsWorthAnotherAttempt() {
        int port = smtp.getSmtp().getPort();
        smtp.stop();
        SmtpServer server = new SmtpServer("127.0.0.1", port, Optional.empty(), false, Duration.ofSeconds(10));

        DeliveryException refusal =
                assertThrows(DeliveryException.class, () -> new SmtpMailer(server).send(message("s", "t")));

        assertEquals(List.of("ada@example.org"), refusal.undelivered());
        assertTrue(refusal.getMessage().contains("Connection refused"), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
    }

    private SmtpMailer mailer(Optional<SmtpServer.Login> login) {
        return new SmtpMailer(
                new SmtpServer("127.0.0.1", smtp.getSmtp().getPort(), login, false, Duration.ofSeconds(10)));
    }

    private static Message message(String subject, String text) {
        return new Message("ocpu@localhost", List.of("ada@example.org"), List.of(), subject, text);
    }

    private static String text(MimeMessage mail) throws Exception {
        return ((String) mail.getContent()).replace("\r\n", "\n").stripTrailing();
    }
}
