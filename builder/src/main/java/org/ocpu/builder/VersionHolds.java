package org.ocpu.builder;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The versions of a library that installations work with: these, too, go only when they are done with. Thread-safe. */
final class VersionHolds {
    private final Map<Path, Integer> holders = new HashMap<>();
    private final Map<Path, Runnable> waiting = new HashMap<>();

    /**
     * A version that stays until this is closed, once.
     *
     * @param packages what it holds, by name
     */
    record Hold(Map<String, InstalledPackage> packages, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    /** @param version one that is live; absent: the library is empty */
    Hold hold(Optional<Path> version, Map<String, InstalledPackage> packages) {
        version.ifPresent(this::hold);
        return new Hold(packages, () -> version.ifPresent(this::release));
    }

    private synchronized void hold(Path version) {
        holders.merge(version, 1, Integer::sum);
    }

    private void release(Path version) {
        Optional<Runnable> then = Optional.empty();
        synchronized (this) {
            if (holders.merge(version, -1, Integer::sum) == 0) {
                holders.remove(version);
                then = Optional.ofNullable(waiting.remove(version));
            }
        }
        then.ifPresent(Runnable::run);
    }

    /** Runs this when nobody holds the version: now, or on the thread that lets go of it. */
    void whenFree(Path version, Runnable then) {
        synchronized (this) {
            if (holders.containsKey(version)) {
                waiting.put(version, then);
                return;
            }
        }
        then.run();
    }
}
