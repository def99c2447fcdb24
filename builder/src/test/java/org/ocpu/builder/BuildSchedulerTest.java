package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildSchedulerTest {
    @ParameterizedTest
    @ValueSource(strings = {"Asia/Tokyo", "UTC+2", "+05:30", "Z", "Etc/UTC"})
    void aSyncsTimeIsOneOfItsZone(String name) {
        ZoneId zone = ZoneId.of(name);
        Instant now = Instant.now();
        assertTrue(missed(zone, now.minus(1, ChronoUnit.HOURS)));
        assertFalse(missed(zone, now.plus(1, ChronoUnit.HOURS)));
    }

    /** Whether a sync was missed in the last two hours that has that time of the day. */
    private static boolean missed(ZoneId zone, Instant time) {
        ZonedDateTime at = time.atZone(zone);
        String cron = "0 %d %d * * ?".formatted(at.getMinute(), at.getHour());
        return BuildScheduler.missed(cron, zone, Instant.now().minus(2, ChronoUnit.HOURS));
    }
}
