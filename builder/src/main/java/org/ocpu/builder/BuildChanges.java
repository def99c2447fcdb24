package org.ocpu.builder;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ocpu.app.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of each build that changed, on a thread of its own: whoever changes one waits for nobody, and it is looked at once
 * for all of them. Thread-safe.
 */
final class BuildChanges implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuildChanges.class);
    private static final long CLOSING_SECONDS = 5;

    private final Function<Collection<Long>, List<BuildView>> find;
    private final List<BuildListener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = DaemonThreads.named("build-changes").newThread(this::run);
    private Set<Long> changed = new LinkedHashSet<>();
    private boolean closed;

    private BuildChanges(Function<Collection<Long>, List<BuildView>> find) {
        this.find = find;
    }

    /** @param find how builds stand; those that are forgotten by then are left out */
    static BuildChanges open(Function<Collection<Long>, List<BuildView>> find) {
        BuildChanges changes = new BuildChanges(find);
        changes.thread.start();
        return changes;
    }

    /** To be called after what changed this build can be read by others. */
    synchronized void changed(long id) {
        if (!listeners.isEmpty()) {
            changed.add(id);
            notifyAll();
        }
    }

    /** Tells the listener of what changes from now on. */
    LogSubscription follow(BuildListener listener) {
        listeners.add(listener);
        synchronized (this) {
            if (closed) {
                listener.end();
            }
        }
        return () -> listeners.remove(listener);
    }

    private void run() {
        try {
            for (Set<Long> next = next(); !next.isEmpty(); next = next()) {
                tell(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            toAll(BuildListener::end);
        }
    }

    /** What changed; nothing when this closes. */
    private synchronized Set<Long> next() throws InterruptedException {
        while (changed.isEmpty() && !closed) {
            wait();
        }
        Set<Long> next = closed ? Set.of() : changed;
        changed = new LinkedHashSet<>();
        return next;
    }

    private void tell(Set<Long> ids) {
        try {
            List<BuildView> builds = find.apply(ids);
            toAll(listener -> builds.forEach(listener::changed));
        } catch (RuntimeException e) {
            log.error("it cannot be told how the builds {} changed", ids, e);
            toAll(BuildListener::missed);
        }
    }

    private void toAll(Consumer<BuildListener> call) {
        listeners.removeIf(listener -> !took(listener, call));
    }

    /** A fault of one listener is not to cost the others theirs. */
    private static boolean took(BuildListener listener, Consumer<BuildListener> call) {
        try {
            call.accept(listener);
            return true;
        } catch (RuntimeException e) {
            log.error("a listener failed", e);
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
