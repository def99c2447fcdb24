package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WallsTest {
    @Test
    void allThatAServerOfRootCanHaveIsNamed() {
        Walls walls = Walls.parse(true, "ready landlock=7 seccomp=1 users=1 namespaces=1")
                .with(true);
        assertTrue(walls.complete());
        assertEquals(List.of(), walls.missing());
        assertEquals(
                "confined by Landlock (version 7), seccomp, a user for each worker, namespaces, control groups",
                walls.description());
    }

    @Test
    void whatOnlyAServerOfRootCanHaveIsNotAskedOfOthers() {
        Walls walls = Walls.parse(false, "ready landlock=5 seccomp=1 users=0 namespaces=0");
        assertTrue(walls.complete());
        assertEquals(
                "confined by Landlock (version 5), seccomp; missing: Landlock's scopes for signals and abstract sockets"
                        + " (Linux 6.12), a user for each worker (only for a server that is root), namespaces (only for a server"
                        + " that is root), control groups (cgroup v2, delegated)",
                walls.description());
    }

    @Test
    void nothingAtAllIsSaidPlainly() {
        for (String ready : List.of("ready", "ready landlock=0 seccomp=0 users=0 namespaces=0")) {
            Walls walls = Walls.parse(true, ready);
            assertFalse(walls.complete());
            assertEquals(5, walls.missing().size(), walls.missing().toString());
            assertEquals("NOT CONFINED: whoever calls a function can do what the server can", walls.description());
        }
    }

    /** What {@code sandbox: required} asks for; namespaces and control groups are not among it. */
    @ParameterizedTest
    @CsvSource({
        "false, landlock=0 seccomp=1 users=0, false",
        "false, landlock=1 seccomp=0 users=0, false",
        "false, landlock=1 seccomp=1 users=0, true",
        "true,  landlock=1 seccomp=1 users=0, false",
        "true,  landlock=1 seccomp=1 users=1, true",
    })
    void noneOfWhatIsRequiredMayBeMissing(boolean root, String parts, boolean complete) {
        assertEquals(
                complete, Walls.parse(root, "ready " + parts + " namespaces=0").complete());
    }

    @ParameterizedTest
    @CsvSource({"1, 0, true", "2, 0, true", "3, 0, false", "2, 1, false", "0, 0, false"})
    void truncationIsOpenWithAnOldKernelThatFiltersNothing(int landlock, int seccomp, boolean open) {
        Walls walls = Walls.parse(false, "ready landlock=" + landlock + " seccomp=" + seccomp);
        assertEquals(open, walls.description().contains("truncation"), walls.description());
    }
}
