package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CrashedPackagesTest {
    private final AtomicLong now = new AtomicLong();
    private final CrashedPackages packages = new CrashedPackages(now::get);

    private static PackageRef version(String stamp) {
        return new PackageRef(Path.of("/lib"), "tinypkg", "apps/ada/tinypkg", stamp);
    }

    private void crash(int times) {
        for (int i = 0; i < times; i++) {
            packages.crashed(version("1"), "It crashed.");
        }
    }

    @Test
    void onePackageThatCrashedTwiceRunningIsLeftAloneForAMinute() {
        crash(1);
        assertDoesNotThrow(() -> packages.check(version("1")));
        crash(1);
        assertEquals(
                "It crashed. That was the end of R 2 times running, so the package is not loaded again before 60 s have passed.",
                assertThrows(WorkerLostException.class, () -> packages.check(version("1")))
                        .getMessage());
        assertDoesNotThrow(() -> packages.check(version("2")), "another version is another package");
        now.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertDoesNotThrow(() -> packages.check(version("1")));
        crash(1);
        assertThrows(WorkerLostException.class, () -> packages.check(version("1")));
    }

    @Test
    void onePackageThatLoadedInBetweenIsTriedAgain() {
        crash(1);
        packages.loaded(version("1"));
        crash(1);
        assertDoesNotThrow(() -> packages.check(version("1")));
    }
}
