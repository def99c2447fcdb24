package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppConfigTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertEquals(
                new AppConfig(Duration.ofSeconds(60), Duration.ofSeconds(90), List.of(), 4, 4 * cores, 256, 16, 26),
                AppConfig.from(Map.of()));
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings = Map.of(
                "timelimit.get", "1",
                "timelimit.post", "2",
                "preload", "MASS, jsonlite",
                "workers.idle", "3",
                "workers.max", "5",
                "workers.queue", "6",
                "engines.max", "7",
                "key.length", "32");
        assertEquals(AppConfig.keys(), settings.keySet());
        assertEquals(
                new AppConfig(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), List.of("MASS", "jsonlite"), 3, 5, 6, 7, 32),
                AppConfig.from(settings));
    }

    @Test
    void badValuesNameTheirKey() {
        for (String key : List.of(
                "timelimit.get", "timelimit.post", "workers.idle", "workers.max", "engines.max", "key.length")) {
            for (String value : List.of("0", "many")) {
                String message = assertThrows(IllegalArgumentException.class, () -> AppConfig.from(Map.of(key, value)))
                        .getMessage();
                assertTrue(message.contains(key), message);
            }
        }
    }
}
