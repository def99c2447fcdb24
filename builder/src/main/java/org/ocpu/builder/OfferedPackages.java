package org.ocpu.builder;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.ocpu.app.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of the packages that repositories have. They are asked in the background, when somebody wants to know and the last answer
 * is old; repositories that cannot be asked have a pause before the next attempt, which grows. Thread-safe.
 */
final class OfferedPackages implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OfferedPackages.class);

    private final String library;
    private final List<URI> repositories;
    private final IndexStore indexes;
    private final Pauses pauses;
    private final StopSignal stop = new StopSignal();

    /** What the repositories have, once that is known. */
    private Optional<Set<String>> names = Optional.empty();

    private Optional<String> trouble = Optional.empty();
    private Deadline next = Deadline.in(Duration.ZERO);
    private Duration afterFailure;
    private boolean asking;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("on-demand-index"));

    /**
     * When the repositories are asked again.
     *
     * @param fresh after an answer
     * @param shortest after the first failure; doubles with each further one
     * @param longest what it grows to
     */
    record Pauses(Duration fresh, Duration shortest, Duration longest) {
        static final Pauses USUAL = new Pauses(Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofMinutes(5));

        private Duration after(Duration failure) {
            Duration doubled = failure.multipliedBy(2);
            return doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    /** @param library its name, for the log */
    OfferedPackages(String library, List<URI> repositories, IndexStore indexes, Pauses pauses) {
        this.library = library;
        this.repositories = List.copyOf(repositories);
        this.indexes = indexes;
        this.pauses = pauses;
        this.afterFailure = pauses.shortest();
    }

    /** What is known now; has the repositories asked when that is old. */
    synchronized Optional<Set<String>> names() {
        if (!asking && next.passed() && !stop.stopped()) {
            asking = true;
            thread.execute(this::ask);
        }
        return names;
    }

    /** Why the last attempt failed. */
    synchronized Optional<String> trouble() {
        return trouble;
    }

    /** When the repositories are asked again; nothing when they are being asked. */
    synchronized Optional<Duration> pause() {
        return asking ? Optional.empty() : Optional.of(next.remaining());
    }

    /** Waits until it is known what the repositories have, or they may be asked again. */
    synchronized void await(Deadline deadline) throws InterruptedException {
        while (names.isEmpty() && (asking || !next.passed()) && !deadline.passed() && !stop.stopped()) {
            long patience = deadline.remaining().toNanos();
            TimeUnit.NANOSECONDS.timedWait(
                    this,
                    asking ? patience : Math.min(patience, next.remaining().toNanos()));
        }
    }

    private void ask() {
        Optional<String> failure = Optional.of("an error of this server; its log tells more");
        try {
            offerKept();
            Set<String> all = new HashSet<>();
            for (URI repository : repositories) {
                all.addAll(indexes.fetch(repository, stop).names());
            }
            offer(all);
            failure = Optional.empty();
        } catch (BuildStopped e) {
            failure = Optional.of(e.getMessage());
        } catch (BuilderException e) {
            log.warn("what {} could have on demand is not known: {}", library, e.getMessage());
            failure = Optional.of(e.getMessage());
        } catch (RuntimeException e) {
            log.error("what {} could have on demand is not known", library, e);
        } finally {
            asked(failure);
        }
    }

    /** The indexes of an earlier run of the server do until there are new ones, where none is missing. */
    private void offerKept() {
        Set<String> all = new HashSet<>();
        for (URI repository : repositories) {
            Optional<PackageIndex> kept = indexes.kept(repository);
            if (kept.isEmpty()) {
                return;
            }
            all.addAll(kept.get().names());
        }
        offer(all);
    }

    private synchronized void offer(Set<String> all) {
        names = Optional.of(Set.copyOf(all));
        notifyAll();
    }

    private synchronized void asked(Optional<String> failure) {
        asking = false;
        trouble = failure;
        next = Deadline.in(failure.isEmpty() ? pauses.fresh() : afterFailure);
        afterFailure = failure.isEmpty() ? pauses.shortest() : pauses.after(afterFailure);
        notifyAll();
    }

    @Override
    public void close() {
        stop.stop();
        synchronized (this) {
            thread.shutdown();
            notifyAll();
        }
    }
}
