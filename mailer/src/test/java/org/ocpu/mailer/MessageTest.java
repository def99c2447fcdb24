package org.ocpu.mailer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
}
