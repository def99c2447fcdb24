package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppConfigTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        AppConfig config = AppConfig.from(Map.of());
        int workers = config.maxWorkers();
        assertEquals(
                new AppConfig(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(90),
                        List.of(),
                        4,
                        workers,
                        workers - Math.max(1, workers / 4),
                        4 * workers,
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
                        new WorkerLimits(
                                SandboxMode.AUTO,
                                false,
                                4_294_967_296L,
                                1_073_741_824,
                                256,
                                3600,
                                1024,
                                2_147_483_648L,
                                2_147_483_648L),
                        1_073_741_824,
                        new SessionConfig(Duration.ofDays(1), 10_737_418_240L, 1_073_741_824),
                        new DiskReserve(209_715_200)),
                config);
    }

    @Test
    void asManyWorkersAsCoresAndMemoryAreGoodFor() {
        long gigabyte = 1L << 30;
        assertEquals(4, AppConfig.usualWorkers(2, 16 * gigabyte));
        assertEquals(32, AppConfig.usualWorkers(16, 64 * gigabyte));
        assertEquals(6, AppConfig.usualWorkers(4, 4 * gigabyte));
        assertEquals(2, AppConfig.usualWorkers(1, gigabyte / 2));
        assertEquals(2, AppConfig.usualWorkers(1, 16 * gigabyte));
    }

    @Test
    void oneClientLeavesAtLeastOneOfTwoWorkersToOthers() {
        assertEquals(1, AppConfig.from(Map.of("workers.max", "1")).clientWorkers());
        assertEquals(1, AppConfig.from(Map.of("workers.max", "2")).clientWorkers());
        assertEquals(3, AppConfig.from(Map.of("workers.max", "4")).clientWorkers());
        assertEquals(6, AppConfig.from(Map.of("workers.max", "8")).clientWorkers());
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings = Map.ofEntries(
                Map.entry("timelimit.get", "1"),
                Map.entry("timelimit.post", "2"),
                Map.entry("preload", "MASS, jsonlite"),
                Map.entry("workers.idle", "3"),
                Map.entry("workers.max", "5"),
                Map.entry("workers.client", "4"),
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
                Map.entry("sandbox", "required"),
                Map.entry("network", "allow"),
                Map.entry("rlimit.as", "2000000000"),
                Map.entry("rlimit.fsize", "3000000"),
                Map.entry("rlimit.nproc", "12"),
                Map.entry("rlimit.cpu", "13"),
                Map.entry("rlimit.nofile", "114"),
                Map.entry("workers.memory", "150000000"),
                Map.entry("workers.disk", "16000000"),
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
                        4,
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
                        new WorkerLimits(
                                SandboxMode.REQUIRED,
                                true,
                                2_000_000_000,
                                3_000_000,
                                12,
                                13,
                                114,
                                150_000_000,
                                16_000_000),
                        12,
                        new SessionConfig(Duration.ofSeconds(13), 14, 15),
                        new DiskReserve(16)),
                AppConfig.from(settings));
    }

    @Test
    void whatIsNoNumberOrChoiceNamesItsKey() {
        for (String key : AppConfig.keys()) {
            if (!key.equals("preload")) {
                assertRefused(key, Map.of(key, "many"));
                assertRefused(key, Map.of(key, ""));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timelimit.get, 0, 604800",
        "timelimit.post, 0, 604800",
        "workers.idle, 0, 65",
        "workers.max, 0, 513",
        "workers.client, 0, 513",
        "workers.queue, -1, 4097",
        "engines.max, 0, 257",
        "engines.memory, 0,",
        "key.length, 15, 65",
        "output.max, 0,",
        "result.max, 0,",
        "httpcache.post, -1, 2147483648",
        "cache.memory, -1,",
        "cache.disk, -1,",
        "session.maxage, 0, 2147483648",
        "session.space, 0,",
        "session.size, 0,",
        "disk.reserve, -1,",
        "rlimit.as, 1073741823,",
        "rlimit.fsize, 1048575,",
        "rlimit.nproc, 7,",
        "rlimit.cpu, 0,",
        "rlimit.nofile, 63,",
        "workers.memory, 67108863,",
        "workers.disk, 1048575,"
    })
    void whatIsTooLittleOrTooMuchNamesItsKey(String key, String less, String more) {
        assertRefused(key, Map.of(key, less));
        assertRefused(key, Map.of(key, more == null ? "9223372036854775808" : more));
    }

    @Test
    void oneClientHasNoMoreWorkersThanThereAre() {
        assertRefused("workers.client", Map.of("workers.max", "4", "workers.client", "5"));
    }

    private static void assertRefused(String key, Map<String, String> settings) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> AppConfig.from(settings), settings::toString)
                .getMessage();
        assertTrue(message.startsWith(key + " is "), message);
    }
}
