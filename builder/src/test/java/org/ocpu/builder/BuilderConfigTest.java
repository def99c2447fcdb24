package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.app.SandboxMode;

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
        assertEquals(
                new BuilderConfig.Gists(URI.create("https://gist.github.com"), Duration.ofMinutes(1), 10L << 20),
                config.gists());
        assertEquals("30 0/10 * * * ?", config.cleaning());
        assertEquals(200L << 20, config.reserve().bytes());
        assertEquals("http://localhost:8004/ocpu", config.reports().api());
        assertEquals(MailOn.ALWAYS, config.reports().mailOn());
    }

    @Test
    void whenSessionsAreRemovedAndWhatStaysFreeCanBeSet() {
        BuilderConfig config = BuilderConfig.from(Map.of("session.cron", "0 0 3 * * ?", "disk.reserve", "0"));
        assertEquals("0 0 3 * * ?", config.cleaning());
        assertEquals(0, config.reserve().bytes());
        for (Map.Entry<String, String> bad :
                Map.of("session.cron", "every night", "disk.reserve", "-1").entrySet()) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> BuilderConfig.from(Map.of(bad.getKey(), bad.getValue())))
                    .getMessage();
            assertTrue(message.contains(bad.getKey()), message);
        }
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
                Map.entry("gist.url", "https://gists.example.org/"),
                Map.entry("gist.maxage", "0"),
                Map.entry("gist.size", "1000"),
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
        assertEquals(
                new BuilderConfig.Gists(URI.create("https://gists.example.org"), Duration.ZERO, 1000), config.gists());
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
    void namesTheSettingsOfASyncAndOfAnOwner() {
        assertTrue(BuilderConfig.namedKeys().containsAll(Set.of("sync.NAME.packages", "github.token.OWNER")));
        BuilderConfig.namedKeys().forEach(key -> {
            String own = key.replace("NAME", "nightly").replace("OWNER", "ada");
            assertTrue(BuilderConfig.knows(own), own);
        });
    }

    @Test
    void namesTheKeyAndTheValueThatAreWrong() {
        for (Map.Entry<String, String> bad : Set.of(
                Map.entry("builds.parallel", "many"),
                Map.entry("builds.keep", "0"),
                Map.entry("previews", "maybe"),
                Map.entry("mail_on", "never"),
                Map.entry("repos", "cran"),
                Map.entry("mail.from", "nobody"),
                Map.entry("reconcile.cron", "every day"),
                Map.entry("timelimit.webhook", "-1"),
                Map.entry("github.url", "ftp://example.org"),
                Map.entry("gist.url", "ssh://example.org"),
                Map.entry("gist.maxage", "-1"),
                Map.entry("gist.size", "0"),
                Map.entry("public.url", "not an address"))) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> BuilderConfig.from(Map.of(bad.getKey(), bad.getValue())),
                            bad::toString)
                    .getMessage();
            assertEquals(bad.getKey() + ": " + bad.getValue(), message.replaceFirst(" \\(.*", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repos",
                "sync.cran.repos",
                "sync.cran.binaries",
                "sync.cran.taskview",
                "cran.ondemand.repos",
                "bioc.ondemand.repos"
            })
    void refusesAnAddressOfARepositoryWithAPasswordWithoutTellingIt(String key) {
        for (String signIn :
                List.of("ada:s3cret", "s3cret", "ada:s3c%ret", "ada:s3c^ret", "ada:s3c/ret", "a@b:s3cret")) {
            for (String scheme : List.of("https", "ftp")) {
                Map<String, String> settings =
                        new HashMap<>(Map.of(key, scheme + "://" + signIn + "@cran.example.org/x"));
                if (key.startsWith("sync.") && !key.endsWith("taskview")) {
                    settings.put("sync.cran.packages", "all");
                }
                String message = assertThrows(
                                IllegalArgumentException.class, () -> BuilderConfig.from(settings), settings::toString)
                        .getMessage();
                assertEquals(
                        "%s: %s://...@cran.example.org/x (must have neither a user nor a password in it, since reports and pages show the address)"
                                .formatted(key, scheme),
                        message);
            }
        }
    }

    @Test
    void doesNotTellThePasswordOfAnAddressThatIsNone() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> BuilderConfig.from(Map.of("github.url", "ftp://ada:s3cret@example.org")))
                .getMessage();
        assertTrue(message.startsWith("github.url: ftp://...@example.org (must begin"), message);
    }

    @Test
    void takesAnAddressWithAnAtSignInItsPath() {
        for (String address : List.of("https://example.org/cran@2026", "http://[::1]:8080/a@b", "file:///srv/a@b")) {
            assertEquals(
                    List.of(URI.create(address)),
                    BuilderConfig.from(Map.of("repos", address)).apps().repositories());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 25 * * ?, 5",
        "0 0 3 * * MOON, 11",
        "0 61 3 * * ?, 3",
        "0 0 3 * *, 10",
        "0 0 3 * * *, 11",
        "0 0 3 ? * ?, 11",
        "every day, 1",
        "0  0  3  32  *  ?, 10"
    })
    void tellsWhereACronExpressionIsWrong(String cron, int position) {
        for (String key : List.of("sync.cran.cron", "reconcile.cron")) {
            Map<String, String> settings = Map.of("sync.cran.packages", "all", key, cron);
            String message = assertThrows(IllegalArgumentException.class, () -> BuilderConfig.from(settings))
                    .getMessage();
            assertTrue(message.startsWith(key + ": " + cron + " (not a cron expression: "), message);
            assertTrue(message.endsWith(", at position " + position + ")"), message);
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
