package org.ocpu.mailer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static final String ADA = "ada@example.org";

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.org", "ocpu@localhost", "a.b+c@x-y.example", "1+ada@users.noreply.github.com"})
    void aBareAddressIsAccepted(String address) {
        assertTrue(Message.isAddress(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "@example.org",
                "ada@",
                "Ada <ada@example.org>",
                "ada@example.org,eve@example.org",
                "ada@example.org\r\nBcc: eve@example.org",
                "ada@example.org\n",
                "ada @example.org",
                "adä@example.org",
                "group:ada@example.org;"
            })
    void anythingElseIsRefusedAsSenderAndRecipient(String address) {
        assertThrows(IllegalArgumentException.class, () -> new Message(address, List.of(ADA), List.of(), "s", "t"));
        assertThrows(IllegalArgumentException.class, () -> new Message(ADA, List.of(address), List.of(), "s", "t"));
        assertThrows(IllegalArgumentException.class, () -> new Message(ADA, List.of(ADA), List.of(address), "s", "t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: eve@example.org", "a\nb", "a\rb", "a\u0000b", "a\u0085b"})
    void aSubjectCannotBringItsOwnHeaders(String subject) {
        assertThrows(IllegalArgumentException.class, () -> new Message(ADA, List.of(ADA), List.of(), subject, "t"));
    }

    @Test
    void aMailToNobodyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Message(ADA, List.of(), List.of(ADA), "s", "t"));
    }

    @Test
    void theWireFormIsAsciiInShortLinesWhateverTheTextHolds() {
        String text = "naïve ☃\rprogress\n" + "x".repeat(5_000) + "\u0000\u001b[31m\n.\nFrom here";
        String eml = new String(Eml.bytes(new Message(ADA, List.of(ADA), List.of(), "grün ☃", text)), US_ASCII);

        assertTrue(eml.chars().allMatch(c -> c == '\r' || c == '\n' || c == '\t' || (c >= ' ' && c < 127)), eml);
        assertTrue(eml.lines().allMatch(line -> line.length() <= 998), "a line longer than RFC 5322 allows");
        assertEquals(eml.lines().count(), eml.chars().filter(c -> c == '\r').count(), "a line end that is not CR LF");
        assertFalse(eml.contains("\nCc:"), eml);
    }

    @Test
    void textAndHtmlAreAlternativesInUtf8() throws Exception {
        Message message = threaded("Größe ☃", "<p>Größe ☃ &lt;b&gt;</p>", MailThread.NONE);

        MimeMultipart both = (MimeMultipart) reread(message).getContent();

        assertTrue(both.getContentType().startsWith("multipart/alternative"), both.getContentType());
        assertEquals(2, both.getCount());
        assertTrue(both.getBodyPart(0).isMimeType("text/plain"), "the last one is the preferred one");
        assertTrue(both.getBodyPart(1).isMimeType("text/html"));
        assertTrue(both.getBodyPart(1).getContentType().endsWith("charset=UTF-8"), "the HTML has its charset");
        assertEquals("Größe ☃", both.getBodyPart(0).getContent().toString().strip());
        assertEquals(
                "<p>Größe ☃ &lt;b&gt;</p>",
                both.getBodyPart(1).getContent().toString().strip());
    }

    @Test
    void theWireFormOfHtmlIsAsciiInShortLines() {
        String eml = new String(
                Eml.bytes(threaded("t", "<p>" + "ü☃".repeat(3_000) + "\u0000</p>", MailThread.NONE)), US_ASCII);

        assertTrue(eml.chars().allMatch(c -> c == '\r' || c == '\n' || c == '\t' || (c >= ' ' && c < 127)), eml);
        assertTrue(eml.lines().allMatch(line -> line.length() <= 998), "a line longer than RFC 5322 allows");
    }

    @Test
    void theHeadersOfAThreadAreWrittenAsGiven() throws Exception {
        MimeMessage mail = reread(threaded(
                "t",
                "h",
                new MailThread(
                        Optional.of("build-7.alice.stocks@r.example.org"),
                        List.of("alice.stocks@r.example.org", "build-6.alice.stocks@r.example.org"),
                        Optional.of(
                                new MailThread.ListId("builds of alice/stocks", "stocks.alice.ocpu.r.example.org")))));

        assertEquals("<build-7.alice.stocks@r.example.org>", mail.getMessageID());
        assertEquals("<build-6.alice.stocks@r.example.org>", mail.getHeader("In-Reply-To", null));
        assertEquals(
                "<alice.stocks@r.example.org> <build-6.alice.stocks@r.example.org>",
                MimeUtility.unfold(mail.getHeader("References", null)));
        assertEquals(
                "builds of alice/stocks <stocks.alice.ocpu.r.example.org>",
                MimeUtility.unfold(mail.getHeader("List-Id", null)));
    }

    @Test
    void aMailOutsideAnyThreadHasAnIdAllTheSame() throws Exception {
        MimeMessage mail = reread(threaded("t", "h", MailThread.NONE));

        assertTrue(mail.getMessageID().matches("<.+@.+>"), mail.getMessageID());
        for (String header : List.of("In-Reply-To", "References", "List-Id")) {
            assertNull(mail.getHeader(header), header);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"builds of a/b@pr-7", "a \"quoted\" \\ name", "Pakete für 日本", "(a comment)", "<evil@list>"})
    void anyNameOfAListArrives(String name) throws Exception {
        MailThread thread =
                new MailThread(Optional.empty(), List.of(), Optional.of(new MailThread.ListId(name, "a.example.org")));
        String header = MimeUtility.unfold(reread(threaded("t", "h", thread)).getHeader("List-Id", null));

        assertTrue(header.endsWith(" <a.example.org>"), header);
        String phrase = header.substring(0, header.length() - " <a.example.org>".length());
        String plain = phrase.startsWith("\"")
                ? phrase.substring(1, phrase.length() - 1).replaceAll("\\\\(.)", "$1")
                : MimeUtility.decodeText(phrase);
        assertEquals(name, plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a@",
                "@b",
                "a@b@c",
                "a b@c",
                ".a@b",
                "a..b@c",
                "<a@b>",
                "a@b\r\nBcc: eve@example.org",
                "a@b\n",
                "ä@b",
                "a\u0000@b",
                "a@[::1]"
            })
    void whatIsNoMessageIdIsRefused(String id) {
        assertThrows(
                IllegalArgumentException.class, () -> new MailThread(Optional.of(id), List.of(), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class, () -> new MailThread(Optional.empty(), List.of(id), Optional.empty()));
    }

    @Test
    void anIdThatFitsNoLineIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new MailThread(Optional.of("a".repeat(1_000) + "@b"), List.of(), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new MailThread(Optional.empty(), Collections.nCopies(21, "a@b"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a b.c", "a..b", "a.b>", "a.b\r\nBcc: eve@example.org", "ä.b"})
    void whatIsNoListIdIsRefused(String id) {
        assertThrows(IllegalArgumentException.class, () -> new MailThread.ListId("name", id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: eve@example.org", "a\nb", "a\u0000b", "a\u0085b"})
    void theNameOfAListCannotBringItsOwnHeaders(String name) {
        assertThrows(IllegalArgumentException.class, () -> new MailThread.ListId(name, "a.b"));
    }

    private static Message threaded(String text, String html, MailThread thread) {
        return new Message(ADA, List.of(ADA), List.of(), "s", text, Optional.of(html), thread);
    }

    private static MimeMessage reread(Message message) throws Exception {
        return new MimeMessage(null, new ByteArrayInputStream(Eml.bytes(message)));
    }
}
