package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WallsTest {
    @ParameterizedTest
    @CsvSource({"1, 0, true", "2, 0, true", "3, 0, false", "2, 1, false", "0, 0, false"})
    void truncationIsOpenWithAnOldKernelThatFiltersNothing(int landlock, int seccomp, boolean open) {
        Walls walls = Walls.parse(false, "ready landlock=" + landlock + " seccomp=" + seccomp);
        assertEquals(open, walls.description().contains("truncation"), walls.description());
    }

    @Test
    void whatIsMissingIsSaid() {
        Walls walls = Walls.parse(true, "ready landlock=2 seccomp=1 users=1 namespaces=0");
        assertTrue(walls.complete());
        assertTrue(walls.description().startsWith("confined by Landlock (version 2), seccomp, a user for each worker"));
        assertTrue(walls.missing().contains("namespaces (the server lacks CAP_SYS_ADMIN)"), walls.description());
        assertTrue(Walls.parse(false, "ready").description().startsWith("NOT CONFINED"));
    }
}
