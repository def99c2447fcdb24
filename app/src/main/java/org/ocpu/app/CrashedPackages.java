package org.ocpu.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Packages that ended R when they were loaded. One that did so twice running is not tried again for a minute: each try costs an engine,
 * and where nothing keeps an engine from signalling its parent, all engines. The first time is not held against it, since it may have
 * been the doing of another that was loaded meanwhile. Thread-safe; remembers the newest few hundred.
 */
final class CrashedPackages {
    private static final int REMEMBERED = 500;
    private static final int ENOUGH = 2;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final Map<PackageRef, Crash> crashes = new LinkedHashMap<>();

    CrashedPackages(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Crash(int times, long at, String message) {}

    /** @throws WorkerLostException when the package is not to be tried now, with what it did the last time */
    synchronized void check(PackageRef ref) {
        Crash last = crashes.get(ref);
        if (last != null && last.times >= ENOUGH && nanos.getAsLong() - last.at < PAUSE.toNanos()) {
            throw new WorkerLostException(last.message + " That was the end of R " + last.times
                    + " times running, so the package is not loaded again before " + PAUSE.toSeconds()
                    + " s have passed.");
        }
    }

    synchronized void loaded(PackageRef ref) {
        crashes.remove(ref);
    }

    synchronized void crashed(PackageRef ref, String message) {
        Crash last = crashes.remove(ref);
        if (crashes.size() >= REMEMBERED) {
            crashes.remove(crashes.keySet().iterator().next());
        }
        crashes.put(ref, new Crash(last == null ? 1 : last.times + 1, nanos.getAsLong(), message));
    }
}
