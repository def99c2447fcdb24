package org.ocpu.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/** Sessions on disk, {@code sessions/x0ab/x0ab...}. Each appears by one rename, complete. Thread-safe. */
final class SessionStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INFO = "session.json";

    private static final int RECENT = 10_000;

    private final Path sessions;
    private final int keyLength;
    private final Libraries libraries;
    private final Cache<SessionKey, Session> recent =
            Caffeine.newBuilder().maximumSize(RECENT).build();

    /** @param libraries where the packages are that made sessions */
    SessionStore(Path sessions, int keyLength, Libraries libraries) {
        this.sessions = sessions;
        this.libraries = libraries;
        this.keyLength = keyLength;
    }

    /** Makes a worker's finished directory the session of a new key; the package and function are what was called. */
    SessionKey keep(RequestDirectory made, PackageRef ref, String function) {
        SessionKey key = SessionKey.random(keyLength);
        ObjectNode info = JSON.createObjectNode()
                .put("created", Instant.now().toString())
                .put("package", ref.name())
                .put("function", function)
                .put("library", ref.library().toString())
                .put("place", ref.place())
                .put("stamp", ref.stamp());
        try {
            Path session = made.takeSession();
            Files.write(session.resolve(INFO), JSON.writeValueAsBytes(info));
            Path target = directory(key);
            if (!Files.isDirectory(target.getParent())) {
                Files.createDirectories(target.getParent());
            }
            Files.move(session, target, StandardCopyOption.ATOMIC_MOVE);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the session", e);
        }
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
                : Optional.empty();
    }

    /** Null when it is no longer there, which the cache then does not keep. */
    private Session read(SessionKey key, Path directory) {
        try {
            return new Session(
                    key, directory, JSON.readTree(directory.resolve(INFO).toFile()), libraries);
        } catch (FileNotFoundException gone) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a session", e);
        }
    }

    private Path directory(SessionKey key) {
        return sessions.resolve(key.value().substring(0, 4)).resolve(key.value());
    }
}
