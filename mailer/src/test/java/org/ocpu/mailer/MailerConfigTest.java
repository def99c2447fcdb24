package org.ocpu.mailer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailerConfigTest {
    @Test
    void nothingConfiguredKeepsMailsAndNamesItsDefaults() {
        assertEquals(
                new MailerConfig(Optional.empty(), "ocpu@localhost", Duration.ofSeconds(60), Duration.ofDays(2)),
                MailerConfig.from(Map.of()));
        assertEquals(
                Optional.empty(), MailerConfig.from(Map.of("smtp.host", " ")).smtp());
    }

    @Test
    void aHostAloneIsPlainSmtpWithoutLogin() {
        assertEquals(
                Optional.of(new SmtpServer("mx.example.org", 25, Optional.empty(), false, Duration.ofSeconds(30))),
                MailerConfig.from(Map.of("smtp.host", "mx.example.org")).smtp());
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings = Map.of(
                "smtp.host", "mx.example.org",
                "smtp.port", "587",
                "smtp.user", "ocpu",
                "smtp.password", "pass word",
                "smtp.starttls", "true",
                "smtp.timeout", "5",
                "mail.from", "builds@example.org",
                "mail.retry", "10",
                "mail.giveup", "3600");

        SmtpServer server = new SmtpServer(
                "mx.example.org",
                587,
                Optional.of(new SmtpServer.Login("ocpu", "pass word")),
                true,
                Duration.ofSeconds(5));
        assertEquals(
                new MailerConfig(
                        Optional.of(server), "builds@example.org", Duration.ofSeconds(10), Duration.ofHours(1)),
                MailerConfig.from(settings));
        assertEquals(settings.keySet(), MailerConfig.keys());
    }

    @Test
    void keysOfOtherModulesAreIgnored() {
        assertEquals(MailerConfig.from(Map.of()), MailerConfig.from(Map.of("port", "no number")));
        assertEquals(
                Set.of(),
                Set.copyOf(MailerConfig.keys().stream().filter("port"::equals).toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "smtp.port, smtp",
        "smtp.port, 0",
        "smtp.port, 65536",
        "smtp.starttls, yes",
        "smtp.timeout, -1",
        "mail.from, nobody",
        "mail.retry, 0",
        "mail.retry, 1.5",
        "mail.giveup, 2d"
    })
    void aBadValueIsRefusedWithItsKey(String key, String value) {
        String complaint = assertThrows(
                        IllegalArgumentException.class,
                        () -> MailerConfig.from(Map.of("smtp.host", "mx.example.org", key, value)))
                .getMessage();
        assertEquals(key + ": ", complaint.substring(0, key.length() + 2), complaint);
        assertEquals(true, complaint.contains(value), complaint);
    }

    @Test
    void thePasswordIsNotPrinted() {
        MailerConfig config =
                MailerConfig.from(Map.of("smtp.host", "mx", "smtp.user", "ocpu", "smtp.password", "secret"));
        assertFalse(config.toString().contains("secret"), config.toString());
    }
}
