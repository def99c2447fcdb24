package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlGroupsTest {
    @TempDir
    Path group;

    /** The kernel gives a group 100 unless it is told otherwise, so the server's, too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 16, 48, 50})
    void allCallsTogetherWeighNoMoreThanTheEngines(int calls) {
        assertTrue(calls * ControlGroups.weight(calls) <= 50);
        assertTrue(ControlGroups.weight(calls) >= 1);
    }

    @Test
    void theKernelTakesNoWeightBelowOne() {
        assertEquals(1, ControlGroups.weight(512));
    }

    @Test
    void aCallGetsItsWeightWhereTheKernelSharesTheProcessorsByGroups() throws IOException {
        Files.createFile(group.resolve("memory.max"));
        Files.createFile(group.resolve("cpu.weight"));
        ControlGroups.write(group, Map.of("memory.max", 1L << 31), Map.of("cpu.weight", 6L, "memory.swap.max", 0L));
        assertEquals("2147483648", Files.readString(group.resolve("memory.max")));
        assertEquals("6", Files.readString(group.resolve("cpu.weight")));
        assertFalse(Files.exists(group.resolve("memory.swap.max")));
    }

    @Test
    void aGroupThatCannotBeLimitedIsNone() {
        Map<String, Long> limits = Map.of("memory.max", 1L);
        assertThrows(NoSuchFileException.class, () -> ControlGroups.write(group, limits, Map.of()));
    }
}
