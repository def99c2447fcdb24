package org.ocpu.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts sessions by the place of what made them: how many were ever made, and what those take that are kept. Thread-safe.
 *
 * <p>Whoever makes a session only adds to a number in memory. How many were ever made is written to {@code made.json}, by one
 * rename, every {@value #SECONDS} seconds and on closing: a crash loses what was made since. What is kept is counted from the disk
 * after each start, in the background, and followed from there.
 */
final class SessionCensus implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCensus.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "made.json";
    private static final int SECONDS = 5;

    private final Path sessions;
    private final Instant start;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("session-census"));

    private Optional<Future<?>> writes = Optional.empty();
    private Map<String, Long> written;
    private boolean counted;
    private volatile boolean closed;

    /** Of one place. */
    private static final class Tally {
        final LongAdder made = new LongAdder();
        final LongAdder kept = new LongAdder();
        final LongAdder bytes = new LongAdder();

        void keep(long count, long space) {
            kept.add(count);
            bytes.add(space);
        }
    }

    /** What a session's own file says of it. */
    private record About(String place, Instant created, long space) {}

    /**
     * @param sessions where they are
     * @param start now; sessions that were made before are to be counted
     */
    SessionCensus(Path sessions, Instant start) {
        this.sessions = sessions;
        this.start = start;
        this.written = read(sessions.resolve(FILE));
        written.forEach((place, made) -> tally(place).made.add(made));
    }

    /** Begins to count and to write. */
    void begin() {
        thread.execute(this::countInBackground);
        writes = Optional.of(thread.scheduleWithFixedDelay(this::write, SECONDS, SECONDS, TimeUnit.SECONDS));
    }

    /** A session was made. */
    void add(String place, long space) {
        Tally tally = tally(counter(place));
        tally.made.increment();
        tally.keep(1, space);
    }

    /**
     * A session is removed.
     *
     * @param session its directory, with all in it
     */
    void remove(Path session) {
        about(session).ifPresent(about -> tally(about.place()).keep(-1, -about.space()));
    }

    /** By place, in the order of their names. */
    List<SessionCount> counts() {
        return tallies.keySet().stream().sorted().map(this::count).toList();
    }

    SessionCount count(String place) {
        Tally tally = tallies.getOrDefault(place, new Tally());
        long kept = Math.max(0, tally.kept.sum());
        return new SessionCount(place, tally.made.sum(), kept, Math.max(0, tally.bytes.sum()));
    }

    private Tally tally(String place) {
        return tallies.computeIfAbsent(place, none -> new Tally());
    }

    /** Gists are as many as anyone likes to make. */
    private static String counter(String place) {
        String[] names = place.split("/", 3);
        return names[0].equals(PackageRef.GIST) && names.length == 3 ? names[0] + "/" + names[1] : place;
    }

    /** Counts what was there before the start, once; nothing of that may be removed before. */
    synchronized void count() {
        if (counted) {
            return;
        }
        Map<String, Tally> found = new TreeMap<>();
        try (DirectoryStream<Path> prefixes = Files.newDirectoryStream(sessions, Files::isDirectory)) {
            for (Path prefix : prefixes) {
                countIn(prefix, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The sessions cannot be counted", e);
        }
        if (!closed) {
            found.forEach((place, tally) -> tally(place).keep(tally.kept.sum(), tally.bytes.sum()));
            counted = true;
        }
    }

    private void countIn(Path prefix, Map<String, Tally> found) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(prefix)) {
            for (Path session : entries) {
                if (closed) {
                    return;
                }
                about(session)
                        .filter(about -> about.created().isBefore(start))
                        .ifPresent(about -> found.computeIfAbsent(about.place(), none -> new Tally())
                                .keep(1, about.space()));
            }
        }
    }

    /** Empty for what is not whole, which a crash of the machine can leave. */
    private static Optional<About> about(Path session) {
        try {
            JsonNode info = JSON.readTree(session.resolve(SessionStore.INFO).toFile());
            Instant created = Instant.parse(info.path(SessionStore.CREATED).asText());
            JsonNode space = info.path(SessionStore.SPACE);
            return Optional.of(new About(
                    counter(info.path("place").asText()),
                    created,
                    space.isMissingNode() ? DiskUse.of(session).space() : space.asLong()));
        } catch (IOException | DateTimeParseException e) {
            LOG.debug("{} cannot be counted", session, e);
            return Optional.empty();
        }
    }

    private void countInBackground() {
        try {
            count();
        } catch (UncheckedIOException e) {
            LOG.warn("The sessions that are kept will be counted when they are cleaned", e);
        }
    }

    /** What was ever made, if that has changed. */
    private void write() {
        Map<String, Long> made = new TreeMap<>();
        tallies.forEach((place, tally) -> {
            if (tally.made.sum() > 0) {
                made.put(place, tally.made.sum());
            }
        });
        if (made.equals(written)) {
            return;
        }
        Path fresh = sessions.resolve(FILE + ".new");
        try (FileChannel file = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(made));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
            Files.move(fresh, sessions.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            written = made;
        } catch (IOException e) {
            LOG.warn("How many sessions were made could not be written; it is tried again", e);
        }
    }

    private static Map<String, Long> read(Path file) {
        Map<String, Long> made = new TreeMap<>();
        try {
            JSON.readTree(Files.readAllBytes(file))
                    .properties()
                    .forEach(place -> made.put(place.getKey(), place.getValue().asLong()));
        } catch (NoSuchFileException none) {
            LOG.debug("No session was made here before");
        } catch (IOException e) {
            LOG.error("{} cannot be read: how many sessions were made is counted from 0 again", file, e);
        }
        return made;
    }

    /** To be called when no more sessions are made. */
    @Override
    public void close() {
        closed = true;
        writes.ifPresent(all -> all.cancel(false));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The disk is slow: how many sessions were made may not be written");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
