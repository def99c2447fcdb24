package org.ocpu.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the requests that use each library, so that what is to happen to one when it is unused, such as its removal, waits for the
 * last of them. Thread-safe.
 *
 * <p>INVARIANT: while an action for a library runs, nobody has a lease on it.
 */
final class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final Map<Path, Uses> libraries = new HashMap<>();

    /** What there is to know of a library in use. */
    private static final class Uses {
        private final Queue<Runnable> whenUnused = new ArrayDeque<>();
        private int requests;
        private boolean ending;
    }

    /** Keeps the package's library from being removed; empty when it has been. Waits while an action for it runs. */
    Optional<Lease> take(PackageRef ref) {
        enter(ref.library());
        Lease lease = new Lease(ref, this);
        if (Files.isDirectory(ref.library())) {
            return Optional.of(lease);
        }
        lease.close();
        return Optional.empty();
    }

    private synchronized void enter(Path library) {
        try {
            while (libraries.containsKey(library) && libraries.get(library).ending) {
                wait();
            }
            libraries.computeIfAbsent(library, path -> new Uses()).requests++;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverloadedException("The server is shutting down.");
        }
    }

    void release(Path library) {
        Uses uses;
        synchronized (this) {
            uses = libraries.get(library);
            uses.requests--;
            if (uses.requests > 0) {
                return;
            }
            uses.ending = true;
        }
        end(library, uses);
    }

    /** Runs the action once no request uses the library: now, or on the thread of the last one. It must not take long. */
    void whenUnused(Path library, Runnable action) {
        Uses uses;
        synchronized (this) {
            uses = libraries.computeIfAbsent(library, path -> new Uses());
            uses.whenUnused.add(action);
            if (uses.requests > 0 || uses.ending) {
                return;
            }
            uses.ending = true;
        }
        end(library, uses);
    }

    private void end(Path library, Uses uses) {
        for (Runnable action = next(library, uses); action != null; action = next(library, uses)) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("What was to be done with {} when it was unused failed", library, e);
            }
        }
    }

    /** The next action; without one the library is as if it had never been used. */
    private synchronized Runnable next(Path library, Uses uses) {
        Runnable action = uses.whenUnused.poll();
        if (action == null) {
            libraries.remove(library);
            notifyAll();
        }
        return action;
    }
}
