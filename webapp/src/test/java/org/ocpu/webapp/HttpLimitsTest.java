package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpLimitsTest {
    @Test
    void defaults() {
        HttpLimits limits = HttpLimits.from(Map.of());
        assertEquals(
                List.of(Duration.ofSeconds(30), 500L, Duration.ofSeconds(30)),
                List.of(limits.idle(), limits.minRate(), limits.grace()));
        assertTrue(limits.connections() >= 16 && limits.connections() <= 8192, limits.toString());
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings =
                Map.of("http.idle", "1", "http.minrate", "2", "http.connections", "3", "shutdown.grace", "4");
        assertEquals(settings.keySet(), HttpLimits.keys());
        assertEquals(new HttpLimits(Duration.ofSeconds(1), 2, 3, Duration.ofSeconds(4)), HttpLimits.from(settings));
    }

    @ParameterizedTest
    @CsvSource({"3, 16", "64, 16", "100, 25", "8192, 2048"})
    void oneClientHasAQuarterOfTheConnectionsAtMostButSome(String all, int one) {
        assertEquals(one, HttpLimits.from(Map.of("http.connections", all)).connectionsOfOne());
    }

    @ParameterizedTest
    @CsvSource({
        "http.idle, 0",
        "http.idle, 86400",
        "http.idle, soon",
        "http.minrate, -1",
        "http.minrate, 1073741825",
        "http.minrate, fast",
        "http.connections, 0",
        "http.connections, 9999999999",
        "http.connections, many",
        "shutdown.grace, -1",
        "shutdown.grace, 604800",
        "shutdown.grace, ''"
    })
    void aValueThatMakesNoSenseIsRefusedByItsKey(String key, String value) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> HttpLimits.from(Map.of(key, value)));
        assertTrue(refused.getMessage().startsWith(key), refused.getMessage());
    }

    @Test
    void whatIsSlowIsTooSlowOnlyOnceItHadTimeToBegin() {
        Pace patient = new Pace(Duration.ofMinutes(1), 1 << 30);
        Pace hasty = new Pace(Duration.ZERO, 1 << 30);
        Pace any = new Pace(Duration.ZERO, 0);
        List.of(patient, hasty, any).forEach(pace -> pace.add(1));
        assertTrue(TestServer.within(hasty::isTooSlow));
        assertFalse(patient.isTooSlow());
        assertFalse(any.isTooSlow());
    }
}
