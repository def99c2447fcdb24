package org.ocpu.mailer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of this module.
 *
 * @param smtp absent: mails are kept in the outbox and not sent ({@code smtp.host} and the other {@code smtp.*} keys)
 * @param sender the address mails come from ({@code mail.from})
 * @param retry the pause after the first failed attempt; it doubles with each further one, up to an hour
 *     ({@code mail.retry}, seconds)
 * @param giveUp how long after it was queued a mail is still tried ({@code mail.giveup}, seconds)
 */
public record MailerConfig(Optional<SmtpServer> smtp, String sender, Duration retry, Duration giveUp) {
    private static final Set<String> KEYS = Set.of(
            "smtp.host",
            "smtp.port",
            "smtp.user",
            "smtp.password",
            "smtp.starttls",
            "smtp.timeout",
            "mail.from",
            "mail.retry",
            "mail.giveup");

    public MailerConfig {
        Objects.requireNonNull(smtp, "smtp");
        if (!Message.isAddress(sender)) {
            throw new IllegalArgumentException("mail.from: not a mail address: " + sender);
        }
        requirePositive("mail.retry", retry);
        requirePositive("mail.giveup", giveUp);
    }

    /** The names {@link #from} reads. */
    public static Set<String> keys() {
        return KEYS;
    }

    /**
     * Reads this module's keys and ignores all others.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public static MailerConfig from(Map<String, String> settings) {
        return new MailerConfig(
                text(settings, "smtp.host").map(host -> server(host, settings)),
                text(settings, "mail.from").orElse("ocpu@localhost"),
                seconds(settings, "mail.retry", 60),
                seconds(settings, "mail.giveup", 172_800));
    }

    /** What stands, by its key, as it would be written; without what is empty, and without the password. */
    public Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        smtp.ifPresent(server -> values.put("smtp.host", server.host()));
        SmtpServer shown = smtp.orElseGet(() -> server("localhost", Map.of()));
        shown.login().ifPresent(login -> values.put("smtp.user", login.user()));
        values.put("smtp.port", Integer.toString(shown.port()));
        values.put("smtp.starttls", Boolean.toString(shown.starttls()));
        values.put("smtp.timeout", Long.toString(shown.timeout().toSeconds()));
        values.put("mail.from", sender);
        values.put("mail.retry", Long.toString(retry.toSeconds()));
        values.put("mail.giveup", Long.toString(giveUp.toSeconds()));
        return values;
    }

    private static SmtpServer server(String host, Map<String, String> settings) {
        int port = number(settings, "smtp.port", 25);
        if (port > 65_535) {
            throw bad("smtp.port", port, "a port is at most 65535");
        }
        return new SmtpServer(
                host,
                port,
                text(settings, "smtp.user")
                        .map(user -> new SmtpServer.Login(user, settings.getOrDefault("smtp.password", ""))),
                yesOrNo(settings, "smtp.starttls"),
                seconds(settings, "smtp.timeout", 30));
    }

    private static Optional<String> text(Map<String, String> settings, String key) {
        return Optional.ofNullable(settings.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Duration seconds(Map<String, String> settings, String key, int fallback) {
        return Duration.ofSeconds(number(settings, key, fallback));
    }

    private static int number(Map<String, String> settings, String key, int fallback) {
        String value = text(settings, key).orElse(Integer.toString(fallback));
        try {
            int number = Integer.parseInt(value);
            if (number < 1) {
                throw bad(key, value, "not a positive number");
            }
            return number;
        } catch (NumberFormatException e) {
            throw bad(key, value, "not a positive number");
        }
    }

    private static boolean yesOrNo(Map<String, String> settings, String key) {
        String value = text(settings, key).orElse("false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(key, value, "neither true nor false");
        };
    }

    private static IllegalArgumentException bad(String key, Object value, String complaint) {
        return new IllegalArgumentException(key + ": " + value + " (" + complaint + ")");
    }

    static void requirePositive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + ": must be longer than zero, is " + duration);
        }
    }
}
