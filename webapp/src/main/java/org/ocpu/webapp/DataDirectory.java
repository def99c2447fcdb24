package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory that holds everything a server keeps, and the small files at its top: settings, secret, lock, address. */
record DataDirectory(Path path) {
    private static final String SECRET = "webhook.secret";
    private static final String ADDRESS = "server.address";
    private static final String TOKEN_HASH = "admin.token.sha256";
    private static final String SETTINGS = "ocpu.conf";

    /** What engines and workers need not get at, either. */
    private static final List<String> PRIVATE = List.of("db", "git", "logs", "outbox", "sessions");

    private static final Set<PosixFilePermission> OWN_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** Makes the directory if needed. */
    static DataDirectory open(Path path) {
        try {
            return new DataDirectory(Files.createDirectories(path).toRealPath());
        } catch (IOException e) {
            throw new WebappException("Cannot use the data directory " + path + ": " + e.getMessage(), e);
        }
    }

    /** Closes to others what is nobody's business but the server's; says so where the settings, which are the admin's, are open. */
    void protect() {
        try {
            for (String name : PRIVATE) {
                Files.setPosixFilePermissions(Files.createDirectories(path.resolve(name)), OWN_DIRECTORY);
            }
            Path settings = path.resolve(SETTINGS);
            if (Files.exists(settings)
                    && Files.getPosixFilePermissions(settings).contains(PosixFilePermission.OTHERS_READ)) {
                // Not a constant: the log is in this directory, which is known before the log begins.
                Logger log = LoggerFactory.getLogger(DataDirectory.class);
                log.warn(
                        "{} can be read by all users of this machine. If there are secrets in it: chmod 600", settings);
            }
        } catch (IOException e) {
            throw new WebappException("Cannot use the data directory " + path + ": " + e.getMessage(), e);
        }
    }

    /** What {@code ocpu.conf} says, in the syntax of {@link java.util.Properties}; empty without that file. */
    Map<String, String> settings() {
        return settingsFile().values();
    }

    SettingsFile settingsFile() {
        return SettingsFile.read(path.resolve(SETTINGS));
    }

    /** The webhook's secret, made where there is none, as at first start; only this user can read the file. */
    String secret() {
        return read(path.resolve(SECRET)).orElseGet(() -> {
            byte[] random = new byte[20];
            new SecureRandom().nextBytes(random);
            String secret = HexFormat.of().formatHex(random);
            write(path.resolve(SECRET), secret + "\n");
            return secret;
        });
    }

    /** The hash of the admin token; nothing before there is one. */
    Optional<String> tokenHash() {
        return read(path.resolve(TOKEN_HASH));
    }

    void tokenHash(String hash) {
        write(path.resolve(TOKEN_HASH), hash + "\n");
    }

    /** Where the running server of this directory can be reached; stays when a server was killed. */
    Optional<String> address() {
        return read(path.resolve(ADDRESS));
    }

    void address(String address) {
        write(path.resolve(ADDRESS), address + "\n");
    }

    /** Holds the directory for this process; the operating system lets go of it when the process ends. */
    FileLock lock() {
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw inUse();
            }
            return lock;
        } catch (java.nio.channels.OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private WebappException inUse() {
        return new WebappException(
                "Another server uses the data directory " + path + ". Stop it, or give another --data.");
    }

    /** An empty file is as good as none: what a power cut, or a full disk, leaves of one. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.exists(file) ? Files.readString(file).strip() : "")
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When this returns, the text is there even after a power cut; after one before that, or a failure, what was there is. */
    private void write(Path file, String text) {
        try {
            Path temporary = Files.createTempFile(
                    path,
                    "new",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(temporary, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            try (FileChannel entries = FileChannel.open(path, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
