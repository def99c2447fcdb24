package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InstallationLogTest {
    private final InstallationLog log = new InstallationLog();

    @Test
    void keepsTheLastLines() {
        for (int i = 1; i <= 150; i++) {
            log.hear("line " + i);
        }
        assertTrue(log.tail().startsWith("line 51\n"), log.tail());
        assertTrue(log.tail().endsWith("\nline 150"), log.tail());
    }

    @Test
    void keepsFewLinesWhereTheyAreLong() {
        for (int i = 1; i <= 150; i++) {
            log.hear("line %d ".formatted(i) + "x".repeat(390));
        }
        assertTrue(
                log.tail().length() <= 8_000, () -> "characters: " + log.tail().length());
        assertTrue(
                log.tail().startsWith("line 131 x"),
                () -> "it begins where a line does: " + log.tail().substring(0, 20));
        assertEquals(20, log.tail().lines().count());
    }
}
