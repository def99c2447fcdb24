package org.ocpu.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions on disk, {@code sessions/x0ab/x0ab...}. Each appears by one rename, complete. Thread-safe. */
final class SessionStore {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file of each session, and what it tells. */
    static final String INFO = "session.json";

    static final String CREATED = "created";

    /** Bytes of disk that it takes with all its files. */
    static final String SPACE = "space";

    /** Bytes of all other files. */
    private static final String CONTENT = "content";

    private static final int RECENT = 10_000;

    private final Path sessions;
    private final int keyLength;
    private final SessionConfig config;
    private final InstantSource clock;
    private final Libraries libraries;
    private final SessionCensus census;
    private final SessionUses uses = new SessionUses();
    private final Cache<SessionKey, Session> recent =
            Caffeine.newBuilder().maximumSize(RECENT).build();

    /** @param libraries where the packages are that made sessions */
    SessionStore(Path sessions, int keyLength, SessionConfig config, Libraries libraries, InstantSource clock) {
        this.sessions = sessions;
        this.config = config;
        this.clock = clock;
        this.libraries = libraries;
        this.keyLength = keyLength;
        this.census = new SessionCensus(sessions, clock.instant());
    }

    /** Makes a worker's finished directory the session of a new key; the package and function are what was called. */
    SessionKey keep(RequestDirectory made, PackageRef ref, String function) {
        SessionKey key = SessionKey.random(keyLength);
        ObjectNode info = JSON.createObjectNode()
                .put(CREATED, clock.instant().toString())
                .put("package", ref.name())
                .put("function", function)
                .put("library", ref.library().toString())
                .put("place", ref.place())
                .put("stamp", ref.stamp());
        try {
            Path session = made.takeSession();
            DiskUse use = bounded(DiskUse.of(session));
            long space = use.space() + DiskUse.BLOCK; // of the file that says so
            info.put(CONTENT, use.content()).put(SPACE, space);
            Files.write(session.resolve(INFO), JSON.writeValueAsBytes(info));
            Path target = directory(key);
            if (!Files.isDirectory(target.getParent())) {
                Files.createDirectories(target.getParent());
            }
            Files.move(session, target, StandardCopyOption.ATOMIC_MOVE);
            census.add(ref.place(), space);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the session", e);
        }
    }

    private DiskUse bounded(DiskUse use) {
        if (use.space() > config.size()) {
            throw new TooLargeException("The call left a session of " + use.space() + " bytes, which is more than "
                    + SessionConfig.SIZE + " = " + config.size() + " bytes; it is not kept.");
        }
        return use;
    }

    /** The session of a key; empty for what is none, or no longer there. */
    Optional<Session> find(String key) {
        if (!SessionKey.isKey(key)) {
            return Optional.empty();
        }
        SessionKey known = new SessionKey(key);
        Path directory = directory(known);
        return Files.isDirectory(directory)
                ? Optional.ofNullable(recent.get(known, k -> read(k, directory)))
                        .filter(session -> !left(session).isNegative())
                : Optional.empty();
    }

    /** How long the session will be there. */
    Duration left(Session session) {
        return config.maxAge().minus(Duration.between(session.created(), clock.instant()));
    }

    /**
     * Keeps the sessions of these keys from being removed, as far as they are there, but not from coming of age: a request that has
     * begun can be finished.
     */
    SessionUse use(Collection<String> keys) {
        return uses.begin(keys);
    }

    /** Runs the action, which takes the session away, unless a request uses the session; whether it did. */
    boolean release(SessionKey key, Runnable action) {
        boolean released = uses.whileUnused(key, action);
        if (released) {
            recent.invalidate(key);
        }
        return released;
    }

    /** How many sessions there are, and were. */
    SessionCensus census() {
        return census;
    }

    Path root() {
        return sessions;
    }

    /**
     * Null when it is no longer there or not whole, which the cache then does not keep. A session is not forced to the disk, which
     * costs more than most calls; so after the power was cut, files may be there whose bytes are not.
     */
    private Session read(SessionKey key, Path directory) {
        try {
            JsonNode info = JSON.readTree(directory.resolve(INFO).toFile());
            long content = DiskUse.of(directory).content() - Files.size(directory.resolve(INFO));
            boolean whole = info.has(CREATED) && content >= info.path(CONTENT).asLong(Long.MAX_VALUE);
            return whole ? new Session(key, directory, info, libraries) : null;
        } catch (FileNotFoundException | NoSuchFileException | JsonProcessingException e) {
            LOG.debug("Session {} is not there or not whole", key, e);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a session", e);
        }
    }

    private Path directory(SessionKey key) {
        return sessions.resolve(key.value().substring(0, 4)).resolve(key.value());
    }
}
