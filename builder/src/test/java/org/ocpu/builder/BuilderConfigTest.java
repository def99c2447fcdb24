package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuilderConfigTest {
    @Test
    void hasTheseDefaults() {
        BuilderConfig config = BuilderConfig.from(Map.of());
        assertEquals(URI.create("https://github.com"), config.github().url());
        assertEquals(URI.create("https://api.github.com"), config.github().api());
        assertEquals(Optional.empty(), config.github().token("alice"));
        assertEquals(Optional.empty(), config.secret());
        assertEquals(
                new BuilderConfig.Builds(
                        Duration.ofMinutes(15),
                        Runtime.getRuntime().availableProcessors(),
                        100,
                        5_000_000,
                        100L << 20,
                        Optional.of("0 17 * * * ?"),
                        false,
                        false),
                config.builds());
        assertEquals(new BuilderConfig.Limits(SandboxMode.AUTO, 4L << 30, 512, 4L << 30), config.limits());
        assertEquals(5, config.apps().keep());
        assertEquals("http://localhost:8004/ocpu", config.reports().api());
        assertEquals(MailOn.ALWAYS, config.reports().mailOn());
    }

    @Test
    void readsTheseKeys() {
        BuilderConfig config = BuilderConfig.from(Map.ofEntries(
                Map.entry("github.url", "http://localhost:3000/"),
                Map.entry("github.api", "http://localhost:3000/api/v3"),
                Map.entry("github.token", "t0ken"),
                Map.entry("github.token.Alice", "alice's"),
                Map.entry("github.key.bob", "/keys/bob"),
                Map.entry("webhook.secret", "s3cret"),
                Map.entry("timelimit.webhook", "5"),
                Map.entry("builds.parallel", "3"),
                Map.entry("builds.keep", "7"),
                Map.entry("reconcile.cron", "off"),
                Map.entry("previews", "true"),
                Map.entry("sandbox", "required"),
                Map.entry("repos", "https://a.example.org, https://b.example.org/"),
                Map.entry("versions.keep", "2"),
                Map.entry("quota.owner", "1000"),
                Map.entry("public.url", "https://r.example.org"),
                Map.entry("root.path", "/r"),
                Map.entry("mail_on", "change"),
                Map.entry("notify.url", "http://localhost/hook"),
                Map.entry("mail.from", "ocpu@example.org")));
        assertEquals(URI.create("http://localhost:3000"), config.github().url());
        assertEquals(Optional.of("alice's"), config.github().token("ALICE"));
        assertEquals(Optional.of("t0ken"), config.github().token("bob"));
        assertEquals(Optional.of(Path.of("/keys/bob")), config.github().key("Bob"));
        assertEquals(Optional.empty(), config.github().key("alice"));
        assertEquals(Optional.of("s3cret"), config.secret());
        assertEquals(Duration.ofSeconds(5), config.builds().limit());
        assertEquals(3, config.builds().parallel());
        assertEquals(7, config.builds().keep());
        assertEquals(Optional.empty(), config.builds().reconcile());
        assertTrue(config.builds().previews());
        assertEquals(SandboxMode.REQUIRED, config.limits().mode());
        assertEquals(
                List.of(URI.create("https://a.example.org"), URI.create("https://b.example.org")),
                config.apps().repositories());
        assertEquals(2, config.apps().keep());
        assertEquals(1000, config.apps().quota());
        assertEquals("https://r.example.org/r", config.reports().api());
        assertEquals(MailOn.CHANGE, config.reports().mailOn());
        assertEquals(
                Optional.of(URI.create("http://localhost/hook")),
                config.reports().notifyUrl());
        assertEquals("ocpu@example.org", config.reports().sender());
    }

    @Test
    void knowsSettingsOfOneOwner() {
        assertTrue(BuilderConfig.knows("github.token.alice") && BuilderConfig.knows("github.key.bob"));
        assertFalse(BuilderConfig.knows("github.tokens") || BuilderConfig.knows("builds.queue"));
    }

    @Test
    void namesTheKeyAndTheValueThatAreWrong() {
        for (Map.Entry<String, String> bad : Set.of(
                Map.entry("builds.parallel", "many"),
                Map.entry("builds.keep", "0"),
                Map.entry("sandbox", "off-ish"),
                Map.entry("previews", "maybe"),
                Map.entry("mail_on", "never"),
                Map.entry("repos", "cran"),
                Map.entry("mail.from", "nobody"),
                Map.entry("reconcile.cron", "every day"),
                Map.entry("timelimit.webhook", "-1"),
                Map.entry("github.url", "ftp://example.org"),
                Map.entry("public.url", "not an address"))) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> BuilderConfig.from(Map.of(bad.getKey(), bad.getValue())),
                            bad::toString)
                    .getMessage();
            assertEquals(bad.getKey() + ": " + bad.getValue(), message.replaceFirst(" \\(.*", ""));
        }
    }

    @Test
    void doesNotShowSecrets() {
        BuilderConfig config = BuilderConfig.from(Map.of(
                "webhook.secret",
                "s3cret",
                "github.token",
                "s3cret",
                "github.token.bob",
                "s3cret",
                "notify.secret",
                "s3cret"));
        assertFalse(config.toString().contains("s3cret"), config.toString());
    }
}
