package org.ocpu.builder;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ocpu.mailer.Message;

/**
 * The settings of this module.
 *
 * @param github where repositories are cloned from ({@code github.url}); http, https or file
 * @param secret what deliveries are signed with ({@code webhook.secret}); absent: unsigned deliveries are accepted
 * @param limit how long one build may take from checkout to load check ({@code timelimit.webhook}, seconds)
 * @param parallel builds that run at once ({@code builds.parallel})
 * @param queue builds that may wait ({@code builds.queue})
 * @param keep newest versions of an app that stay on disk ({@code versions.keep}); the live one and the one before it
 *     always do
 * @param site what links in mails begin with ({@code public.url})
 * @param root where the API begins below that ({@code root.path})
 * @param sender the address mails come from ({@code mail.from}, as in the mailer's settings)
 */
public record BuilderConfig(
        URI github,
        Optional<String> secret,
        Duration limit,
        int parallel,
        int queue,
        int keep,
        URI site,
        String root,
        String sender) {
    static final String LIMIT_KEY = "timelimit.webhook";
    static final String QUEUE_KEY = "builds.queue";
    private static final Set<String> KEYS = Set.of(
            "github.url",
            "webhook.secret",
            LIMIT_KEY,
            "builds.parallel",
            QUEUE_KEY,
            "versions.keep",
            "public.url",
            "root.path",
            "mail.from");

    public BuilderConfig {
        Objects.requireNonNull(secret, "secret");
        requireAddress("github.url", github, Set.of("http", "https", "file"));
        requireAddress("public.url", site, Set.of("http", "https"));
        requirePositive(LIMIT_KEY, limit.toSeconds());
        requirePositive("builds.parallel", parallel);
        requirePositive(QUEUE_KEY, queue);
        requirePositive("versions.keep", keep);
        if (!Message.isAddress(sender)) {
            throw bad("mail.from", sender, "not a mail address");
        }
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
    public static BuilderConfig from(Map<String, String> settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new BuilderConfig(
                address(settings, "github.url", "https://github.com"),
                text(settings, "webhook.secret"),
                Duration.ofSeconds(number(settings, LIMIT_KEY, 900)),
                number(settings, "builds.parallel", cores),
                number(settings, QUEUE_KEY, 100),
                number(settings, "versions.keep", 5),
                address(settings, "public.url", "http://localhost:8004"),
                text(settings, "root.path").orElse("/ocpu"),
                text(settings, "mail.from").orElse("ocpu@localhost"));
    }

    /** The same without the secret, so that it can be logged. */
    @Override
    public String toString() {
        return "BuilderConfig[github=%s, secret=%s, limit=%s, parallel=%d, queue=%d, keep=%d, site=%s, root=%s, sender=%s]"
                .formatted(
                        github, secret.isPresent() ? "set" : "none", limit, parallel, queue, keep, site, root, sender);
    }

    private static Optional<String> text(Map<String, String> settings, String key) {
        return Optional.ofNullable(settings.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static URI address(Map<String, String> settings, String key, String fallback) {
        String value = text(settings, key).orElse(fallback).replaceAll("/+$", "");
        try {
            return URI.create(value);
        } catch (IllegalArgumentException e) {
            throw bad(key, value, "not an address");
        }
    }

    private static int number(Map<String, String> settings, String key, int fallback) {
        String value = text(settings, key).orElse(Integer.toString(fallback));
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw bad(key, value, "not a number");
        }
    }

    private static void requireAddress(String key, URI address, Set<String> schemes) {
        if (address.getScheme() == null || !schemes.contains(address.getScheme())) {
            throw bad(
                    key,
                    address,
                    "must begin with one of " + schemes.stream().sorted().toList());
        }
    }

    private static void requirePositive(String key, long value) {
        if (value < 1) {
            throw bad(key, value, "must be at least 1");
        }
    }

    private static IllegalArgumentException bad(String key, Object value, String complaint) {
        return new IllegalArgumentException(key + ": " + value + " (" + complaint + ")");
    }
}
