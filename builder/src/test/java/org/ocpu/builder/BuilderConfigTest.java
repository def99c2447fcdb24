package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuilderConfigTest {
    @Test
    void hasTheseDefaults() {
        assertEquals(
                new BuilderConfig(
                        URI.create("https://github.com"),
                        Optional.empty(),
                        Duration.ofMinutes(15),
                        Runtime.getRuntime().availableProcessors(),
                        100,
                        5,
                        URI.create("http://localhost:8004"),
                        "/ocpu",
                        "ocpu@localhost"),
                BuilderConfig.from(Map.of()));
    }

    @Test
    void readsTheseKeys() {
        Map<String, String> settings = Map.of(
                "github.url", "http://localhost:3000/",
                "webhook.secret", "s3cret",
                "timelimit.webhook", "5",
                "builds.parallel", "3",
                "builds.queue", "7",
                "versions.keep", "2",
                "public.url", "https://r.example.org",
                "root.path", "/r",
                "mail.from", "ocpu@example.org");
        assertEquals(
                new BuilderConfig(
                        URI.create("http://localhost:3000"),
                        Optional.of("s3cret"),
                        Duration.ofSeconds(5),
                        3,
                        7,
                        2,
                        URI.create("https://r.example.org"),
                        "/r",
                        "ocpu@example.org"),
                BuilderConfig.from(settings));
        assertEquals(settings.keySet(), BuilderConfig.keys());
    }

    @Test
    void namesTheKeyAndTheValueThatAreWrong() {
        for (Map.Entry<String, String> bad : Set.of(
                Map.entry("builds.parallel", "many"),
                Map.entry("builds.queue", "0"),
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
    void doesNotShowTheSecret() {
        BuilderConfig config = BuilderConfig.from(Map.of("webhook.secret", "s3cret"));
        assertFalse(config.toString().contains("s3cret"), config.toString());
    }
}
