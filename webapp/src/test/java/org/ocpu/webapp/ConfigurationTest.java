package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.BuilderConfig;

class ConfigurationTest {
    /** What has no value unless somebody gives one. */
    private static final Set<String> EMPTY = Set.of(
            "admin.email",
            "apps.domain",
            "github.key",
            "github.knownhosts",
            "github.token",
            "notify.secret",
            "notify.url",
            "preload",
            "smtp.host",
            "smtp.password",
            "smtp.user",
            "tls.certificate",
            "tls.hsts",
            "tls.key",
            "trusted.proxies");

    @TempDir
    Path directory;

    private Configuration configuration(String file, Map<String, String> overrides) throws IOException {
        Files.writeString(directory.resolve("ocpu.conf"), file);
        return Configuration.of(DataDirectory.open(directory), overrides);
    }

    private static Map<String, SettingView> views(Configuration configuration) {
        return configuration.views(configuration.settings()).stream()
                .collect(Collectors.toMap(SettingView::key, one -> one));
    }

    @Test
    void eachSettingSaysWhereItComesFrom() throws IOException {
        Map<String, SettingView> views = views(configuration(
                "timelimit.get: 50\nport: 1\n\nsync.cran.packages: ggplot2\nsync.cran.parallel: 1\n",
                Map.of("port", "8105")));
        assertEquals(
                new SettingView(
                        "timelimit.get", Optional.of("50"), Optional.of("60"), "ocpu.conf", OptionalInt.of(1), false),
                views.get("timelimit.get"));
        assertEquals(
                new SettingView(
                        "port", Optional.of("8105"), Optional.of("8004"), "command line", OptionalInt.empty(), false),
                views.get("port"));
        assertEquals(
                new SettingView(
                        "timelimit.post", Optional.of("90"), Optional.of("90"), "default", OptionalInt.empty(), false),
                views.get("timelimit.post"));
        assertEquals(
                new SettingView(
                        "sync.cran.packages",
                        Optional.of("ggplot2"),
                        Optional.empty(),
                        "ocpu.conf",
                        OptionalInt.of(4),
                        false),
                views.get("sync.cran.packages"));
        assertEquals("first start", views.get("webhook.secret").origin());
        assertEquals(Optional.of("***"), views.get("webhook.secret").value());
    }

    @Test
    void aDefaultFollowsFromTheOtherSettings() throws IOException {
        Map<String, SettingView> views = views(configuration("workers.max: 8\nworkers.client: 2\n", Map.of()));
        assertEquals(Optional.of("6"), views.get("workers.client").usual());
        assertEquals(Optional.of("32"), views.get("workers.queue").value());
    }

    @Test
    void noSecretIsShown() throws IOException {
        String secret = "hunter2";
        String hash = "pbkdf2-sha256$1$" + "A".repeat(22) + "$" + "B".repeat(43);
        String file = Stream.of("webhook.secret", "smtp.password", "notify.secret", "github.token", "github.token.ada")
                        .map(key -> key + ": " + secret + "\n")
                        .collect(Collectors.joining())
                + "notify.url: https://chat.example.org/" + secret + "\ngithub.url: https://ada:" + secret
                + "@git.example.org/a\n";
        List<SettingView> views =
                List.copyOf(views(configuration(file, Map.of())).values());
        assertFalse(views.toString().contains(secret), views::toString);
        assertEquals(
                6,
                views.stream()
                        .filter(one -> one.value().equals(Optional.of("***")))
                        .count());
        assertTrue(views.toString().contains("https://***@git.example.org/a"), views::toString);
        assertEquals("***", SecretSettings.shown("auth.apps.ada", "bob:" + hash));
    }

    /** A new setting whose name sounds like a secret is to be put into {@link SecretSettings}, either as one or as none. */
    @Test
    void aPersonHasDecidedAboutEachNameThatSoundsLikeASecret() {
        Set<String> keys = new TreeSet<>(Configuration.keys());
        keys.addAll(BuilderConfig.namedKeys());
        keys.addAll(AccessRules.namedKeys());
        keys.forEach(key -> assertTrue(SecretSettings.isClassed(key), key));
        assertTrue(SecretSettings.isSecret("new.api.token"), "what nobody has decided about is not shown");
    }

    @Test
    void everySettingHasAValueOrIsKnownToHaveNone() throws IOException {
        Map<String, SettingView> views = views(configuration("", Map.of()));
        assertEquals(Configuration.keys(), views.keySet());
        Set<String> empty = views.values().stream()
                .filter(one -> one.value().isEmpty())
                .map(SettingView::key)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(EMPTY), empty);
    }

    @Test
    void anUnknownSettingIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> configuration("workers.maximum: 3\n", Map.of()));
        assertTrue(
                refused.getMessage().startsWith("Unknown setting workers.maximum. Known are: "), refused::getMessage);
        assertTrue(refused.getMessage().contains(" workers.max,"), refused::getMessage);
    }
}
