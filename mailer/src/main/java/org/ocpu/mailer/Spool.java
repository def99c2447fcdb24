package org.ocpu.mailer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
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
 * <p>INVARIANT: the record in {@code sent/} or {@code failed/} decides. A crash right after it was written leaves the mail
 * in the outbox, too; {@link #open} finishes what was begun, so the mail is not sent twice.
 */
final class Spool {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern ID = Pattern.compile("(\\d{8}T\\d{9}Z)-[0-9a-f]{8}");
    private static final String MAIL = ".eml";
    private static final String RECORD = ".properties";
    private static final String UNFINISHED = ".tmp";

    private final Path waiting;
    private final Path sent;
    private final Path failed;

    /** What is known of a mail; {@code undelivered} is empty while everybody is still to get it. */
    record Progress(int attempts, String detail, List<String> undelivered) {
        static final Progress NONE = new Progress(0, "", List.of());
    }

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

    String add(byte[] mail) {
        String id =
                TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
        io("written", () -> write(waiting.resolve(id + MAIL), mail));
        return id;
    }

    /** The mails that are kept or wait, oldest first. */
    List<String> pending() {
        return io("listed", () -> {
            try (Stream<Path> files = Files.list(waiting)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(MAIL))
                        .map(name -> name.substring(0, name.length() - MAIL.length()))
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

    Progress progress(String id) {
        return read(waiting, id).orElse(Progress.NONE);
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
    }

    void markFailed(String id, Progress progress) {
        write(failed, id, progress);
        io("moved", () -> settle(id));
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
        Properties record = new Properties();
        io("read", () -> {
            record.load(new StringReader(Files.readString(file)));
            return file;
        });
        String undelivered = record.getProperty("undelivered", "");
        return Optional.of(new Progress(
                Integer.parseInt(record.getProperty("attempts", "0")),
                record.getProperty("detail", ""),
                undelivered.isEmpty() ? List.of() : List.of(undelivered.split(" ", -1))));
    }

    private static void write(Path dir, String id, Progress progress) {
        Properties record = new Properties();
        record.setProperty("attempts", Integer.toString(progress.attempts()));
        record.setProperty("detail", progress.detail());
        record.setProperty("undelivered", String.join(" ", progress.undelivered()));
        io("written", () -> {
            StringWriter text = new StringWriter();
            record.store(text, null);
            return write(dir.resolve(id + RECORD), text.toString().getBytes(UTF_8));
        });
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
        try (FileChannel dir = FileChannel.open(file.getParent(), READ)) {
            dir.force(true); // the rename itself must survive a power cut
        }
        return file;
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
