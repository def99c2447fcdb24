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
                new AppConfig(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(90),
                        List.of(),
                        4,
                        4 * cores,
                        256,
                        16,
                        2_147_483_648L,
                        26,
                        true,
                        true,
                        true,
                        104_857_600,
                        Duration.ofSeconds(300),
                        67_108_864,
                        1_073_741_824,
                        1_073_741_824,
                        new SessionConfig(Duration.ofDays(1), 10_737_418_240L, 1_073_741_824),
                        new DiskReserve(209_715_200)),
                AppConfig.from(Map.of()));
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings = Map.ofEntries(
                Map.entry("timelimit.get", "1"),
                Map.entry("timelimit.post", "2"),
                Map.entry("preload", "MASS, jsonlite"),
                Map.entry("workers.idle", "3"),
                Map.entry("workers.max", "5"),
                Map.entry("workers.queue", "6"),
                Map.entry("engines.max", "7"),
                Map.entry("engines.memory", "70"),
                Map.entry("key.length", "32"),
                Map.entry("enable.post.code", "false"),
                Map.entry("error.showcall", "false"),
                Map.entry("error.backtrace", "false"),
                Map.entry("output.max", "8"),
                Map.entry("httpcache.post", "9"),
                Map.entry("cache.memory", "10"),
                Map.entry("cache.disk", "11"),
                Map.entry("result.max", "12"),
                Map.entry("session.maxage", "13"),
                Map.entry("session.space", "14"),
                Map.entry("session.size", "15"),
                Map.entry("disk.reserve", "16"));
        assertEquals(AppConfig.keys(), settings.keySet());
        assertEquals(
                new AppConfig(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        List.of("MASS", "jsonlite"),
                        3,
                        5,
                        6,
                        7,
                        70,
                        32,
                        false,
                        false,
                        false,
                        8,
                        Duration.ofSeconds(9),
                        10,
                        11,
                        12,
                        new SessionConfig(Duration.ofSeconds(13), 14, 15),
                        new DiskReserve(16)),
                AppConfig.from(settings));
    }

    @Test
    void badValuesNameTheirKey() {
        for (String key : List.of(
                "timelimit.get",
                "timelimit.post",
                "workers.idle",
                "workers.max",
                "engines.max",
                "key.length",
                "output.max",
                "result.max",
                "session.maxage",
                "session.space",
                "session.size",
                "enable.post.code",
                "error.backtrace")) {
            for (String value : List.of("0", "many")) {
                String message = assertThrows(IllegalArgumentException.class, () -> AppConfig.from(Map.of(key, value)))
                        .getMessage();
                assertTrue(message.contains(key), message);
            }
        }
    }
}
