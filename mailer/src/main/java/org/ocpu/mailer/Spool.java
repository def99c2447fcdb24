package org.ocpu.mailer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of an outbox. Every file appears whole, by fsync and rename, or not at all.
 *
 * <pre>
 * ID.eml                  a mail that is kept or waits
 * ID.properties           what came of it so far; absent before the first attempt
 * sent/ID.properties      a mail that was delivered; its text is gone
 * failed/ID.{properties,eml}
 * </pre>
 *
 * <p>An id is the time it was given and, of a mail with a key, the key's hash: so the one rename that stores a mail also
 * remembers its key. The other mails have a random number there, which is shorter.
 *
 * <p>INVARIANT: the record in {@code sent/} or {@code failed/} decides. A crash right after it was written leaves the mail
 * in the outbox, too; {@link #open} finishes what was begun, so the mail is not sent twice.
 */
final class Spool {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern ID = Pattern.compile("(\\d{8}T\\d{9}Z)-([0-9a-f]{8}|[0-9a-f]{32})");
    static final int MOST_SENT = 10_000;
    static final int MOST_FAILED = 1_000;
    private static final String MAIL = ".eml";
    private static final String RECORD = ".properties";
    private static final String UNFINISHED = ".tmp";

    private final Path waiting;
    private final Path sent;
    private final Path failed;

    private Spool(Path dir) {
        this.waiting = dir;
        this.sent = dir.resolve("sent");
        this.failed = dir.resolve("failed");
    }

    static Spool open(Path dir) {
        Spool spool = new Spool(dir);
        return io("opened", () -> {
            Files.createDirectories(spool.sent);
            Files.createDirectories(spool.failed);
            spool.removeUnfinished();
            for (String id : spool.pending()) {
                spool.settle(id);
            }
            prune(spool.sent, MOST_SENT);
            prune(spool.failed, MOST_FAILED);
            return spool;
        });
    }

    /** Whether this can name a mail; anything else must not reach a path. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static Instant queuedAt(String id) {
        return TIME.parse(id.substring(0, id.indexOf('-')), Instant::from);
    }

    /** What ends the id of the mail with this key. */
    static String ending(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new MailException("this Java has no SHA-256", e);
        }
    }

    String add(byte[] mail) {
        return add(mail, UUID.randomUUID().toString().substring(0, 8));
    }

    /** Stores a mail whose id ends so. */
    String add(byte[] mail, String ending) {
        String id = TIME.format(Instant.now()) + "-" + ending;
        io("written", () -> write(waiting.resolve(id + MAIL), mail));
        return id;
    }

    /** The mail whose id ends so, wherever it is. */
    Optional<String> find(String ending) {
        return Stream.of(pending(), ids(sent, RECORD), failed())
                .flatMap(List::stream)
                .filter(id -> id.endsWith("-" + ending))
                .findFirst();
    }

    /** The mails that are kept or wait, oldest first. */
    List<String> pending() {
        return ids(waiting, MAIL);
    }

    /** The mails that failed, oldest first. */
    List<String> failed() {
        return ids(failed, RECORD);
    }

    private static List<String> ids(Path dir, String suffix) {
        return io("listed", () -> {
            try (Stream<Path> files = Files.list(dir)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(suffix))
                        .map(name -> name.substring(0, name.length() - suffix.length()))
                        .filter(Spool::isId)
                        .sorted()
                        .toList();
            }
        });
    }

    Path mail(String id) {
        return waiting.resolve(id + MAIL);
    }

    boolean holds(String id) {
        return Files.exists(mail(id));
    }

    /** The text of a mail that failed, unless it is gone. */
    Optional<Path> failedMail(String id) {
        return Optional.of(failed.resolve(id + MAIL)).filter(Files::isRegularFile);
    }

    Progress progress(String id) {
        return read(waiting, id).orElseGet(() -> Progress.none(queuedAt(id)));
    }

    Optional<Progress> sent(String id) {
        return read(sent, id);
    }

    Optional<Progress> failed(String id) {
        return read(failed, id);
    }

    void record(String id, Progress progress) {
        write(waiting, id, progress);
    }

    void markSent(String id, Progress progress) {
        write(sent, id, progress);
        io("moved", () -> settle(id));
        prune(sent, MOST_SENT);
    }

    void markFailed(String id, Progress progress) {
        write(failed, id, progress);
        io("moved", () -> settle(id));
        prune(failed, MOST_FAILED);
    }

    /** Has a mail that failed wait again. A crash before the last step leaves it failed: {@link #open} moves it back. */
    void revive(String id, Progress progress) {
        write(waiting, id, progress);
        io("moved", () -> {
            Files.move(failed.resolve(id + MAIL), mail(id), StandardCopyOption.ATOMIC_MOVE);
            sync(waiting);
            Files.delete(failed.resolve(id + RECORD));
            return sync(failed);
        });
    }

    /** Removes the oldest mails beyond so many; what a crash leaves of that is removed the next time. */
    private static void prune(Path dir, int most) {
        List<String> ids = ids(dir, RECORD);
        io("removed", () -> {
            for (String id : ids.subList(0, Math.max(0, ids.size() - most))) {
                Files.deleteIfExists(dir.resolve(id + MAIL));
                Files.deleteIfExists(dir.resolve(id + RECORD));
            }
            return dir;
        });
    }

    /** Takes a mail whose fate is recorded out of the waiting ones. */
    private Path settle(String id) throws IOException {
        Path mail = mail(id);
        if (Files.exists(sent.resolve(id + RECORD))) {
            Files.deleteIfExists(mail);
        } else if (Files.exists(failed.resolve(id + RECORD))) {
            Files.move(mail, failed.resolve(id + MAIL), StandardCopyOption.ATOMIC_MOVE);
        } else {
            return mail;
        }
        Files.deleteIfExists(waiting.resolve(id + RECORD));
        return mail;
    }

    private void removeUnfinished() throws IOException {
        for (Path dir : List.of(waiting, sent, failed)) {
            try (Stream<Path> files = Files.list(dir)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(UNFINISHED)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Optional<Progress> read(Path dir, String id) {
        Path file = dir.resolve(id + RECORD);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(io("read", () -> Progress.of(Files.readString(file), queuedAt(id))));
    }

    private static void write(Path dir, String id, Progress progress) {
        io("written", () -> write(dir.resolve(id + RECORD), progress.text().getBytes(UTF_8)));
    }

    private static Path write(Path file, byte[] content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (FileChannel out = FileChannel.open(unfinished, CREATE, TRUNCATE_EXISTING, WRITE)) {
            for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.getParent());
        return file;
    }

    /** Has renames in a directory survive a power cut. */
    private static Path sync(Path dir) throws IOException {
        try (FileChannel entries = FileChannel.open(dir, READ)) {
            entries.force(true);
        }
        return dir;
    }

    private interface FileWork<T> {
        T run() throws IOException;
    }

    private static <T> T io(String verb, FileWork<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new MailException("a file of the outbox could not be " + verb + ": " + e, e);
        }
    }
}
