package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes sessions: those that are older than {@code session.maxage}, and the oldest as long as all take more than {@code
 * session.space}; not what a request uses, nor, for want of space, what was made a moment ago. A session goes by one rename and is
 * deleted after that; what a crash leaves to delete goes at the next start. Thread-safe; one cleaning at a time.
 *
 * <p>The age is told by the session's directory, which nobody writes to once it is there. However many sessions there are, only the
 * oldest that have to go are held in memory: what all others take is added up by their age, in {@value #STEPS} steps.
 */
final class SessionCleaner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCleaner.class);
    private static final int STEPS = 1_024;
    private static final Duration MOMENT = Duration.ofMinutes(1);

    private final SessionStore store;
    private final SessionConfig config;
    private final Path gone;
    private final InstantSource clock;
    private boolean checked;
    private long count;
    private volatile boolean closed;

    /** @param gone empty, nobody else's, and on the disk of the sessions */
    SessionCleaner(SessionStore store, SessionConfig config, Path gone, InstantSource clock) {
        this.store = store;
        this.config = config;
        this.gone = gone;
        this.clock = clock;
    }

    /** A session on disk, and how old it is. */
    private record Aged(SessionKey key, Path directory, Duration age) {}

    /** What sessions take, by age. */
    private final class Ages {
        private final long[] space = new long[STEPS];
        private long total;

        int step(Aged session) {
            long step = session.age().toMillis() * STEPS / (config.maxAge().toMillis() + 1);
            return (int) Math.max(0, Math.min(STEPS - 1, step));
        }

        void add(Aged session, long bytes) {
            space[step(session)] += bytes;
            total += bytes;
        }

        /** The first step that has to go, at least in part; {@link #STEPS} when none has. */
        int first() {
            long sum = 0;
            for (int step = 0; step < STEPS; step++) {
                sum += space[step];
                if (sum > config.space()) {
                    return step;
                }
            }
            return STEPS;
        }
    }

    /** Does something with one session. */
    @FunctionalInterface
    private interface Each {
        void visit(Aged session) throws IOException;
    }

    /** How many were removed. */
    synchronized int clean() {
        store.census().count();
        try {
            Ages ages = new Ages();
            int old = removeOld(ages);
            int many = ages.total > config.space() ? removeOldest(ages) : 0;
            if (old + many > 0) {
                LOG.info(
                        "Removed {} sessions older than {} s or not complete, and {} for {} = {}; the others take {} bytes",
                        old,
                        config.maxAge().toSeconds(),
                        many,
                        SessionConfig.SPACE,
                        config.space(),
                        ages.total);
            }
            return old + many;
        } catch (IOException e) {
            throw new UncheckedIOException("The sessions cannot be cleaned", e);
        }
    }

    /** Also what is not complete, which only a crash before this start can have left; adds up all others. */
    private int removeOld(Ages ages) throws IOException {
        int[] removed = new int[1];
        each(session -> {
            if (session.age().compareTo(config.maxAge()) > 0 || isBroken(session)) {
                removed[0] += remove(session) ? 1 : 0;
            } else {
                ages.add(session, DiskUse.of(session.directory()).space());
            }
        });
        checked = !closed;
        return removed[0];
    }

    private boolean isBroken(Aged session) {
        return !checked && store.find(session.key().value()).isEmpty();
    }

    private int removeOldest(Ages ages) throws IOException {
        int first = ages.first();
        int[] removed = new int[1];
        List<Aged> last = new ArrayList<>();
        each(session -> {
            int step = ages.step(session);
            if (step > first) {
                removed[0] += removeFrom(ages, session);
            } else if (step == first) {
                last.add(session);
            }
        });
        last.sort(Comparator.comparing(Aged::age).reversed());
        for (Aged session : last) {
            if (ages.total > config.space() && !closed) {
                removed[0] += removeFrom(ages, session);
            }
        }
        return removed[0];
    }

    private int removeFrom(Ages ages, Aged session) throws IOException {
        if (session.age().compareTo(MOMENT) < 0) {
            return 0;
        }
        long bytes = DiskUse.of(session.directory()).space();
        if (!remove(session)) {
            return 0;
        }
        ages.total -= bytes;
        return 1;
    }

    private void each(Each each) throws IOException {
        Instant now = clock.instant();
        try (DirectoryStream<Path> prefixes = Files.newDirectoryStream(store.root(), Files::isDirectory)) {
            for (Path prefix : prefixes) {
                try (DirectoryStream<Path> sessions = Files.newDirectoryStream(prefix)) {
                    for (Path session : sessions) {
                        if (closed) {
                            return;
                        }
                        Optional<Aged> aged = aged(session, now);
                        if (aged.isPresent()) {
                            each.visit(aged.get());
                        }
                    }
                }
            }
        }
    }

    private static Optional<Aged> aged(Path directory, Instant now) throws IOException {
        String name = directory.getFileName().toString();
        if (!SessionKey.isKey(name)) {
            return Optional.empty();
        }
        FileTime made = Files.getLastModifiedTime(directory);
        return Optional.of(new Aged(new SessionKey(name), directory, Duration.between(made.toInstant(), now)));
    }

    /** Unless it is in use. */
    private boolean remove(Aged session) throws IOException {
        Path target = gone.resolve(Long.toString(count++));
        if (!store.release(session.key(), () -> move(session.directory(), target))) {
            return false;
        }
        store.census().remove(target);
        try {
            Trees.delete(target);
        } catch (IOException e) {
            LOG.warn("A removed session could not be deleted whole; the rest goes at the next start", e);
        }
        return true;
    }

    private static void move(Path session, Path target) {
        try {
            Files.move(session, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            LOG.debug("A session was gone already", e);
        } catch (IOException e) {
            throw new UncheckedIOException("A session cannot be removed", e);
        }
    }

    /** Ends a cleaning that goes on, and returns when it has ended. */
    @Override
    public void close() {
        closed = true;
        awaitEnd();
    }

    private synchronized void awaitEnd() {
        LOG.debug("No sessions are being removed any more");
    }
}
