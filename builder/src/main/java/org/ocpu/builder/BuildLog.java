package org.ocpu.builder;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a build that is not finished: a file of lines {@code HH:mm:ss.SSS [stage] text}. Thread-safe.
 *
 * <p>Commands' output is dropped beyond {@link #LARGEST} bytes, the builder's own words never are. A full disk loses lines,
 * not builds.
 */
final class BuildLog {
    static final long LARGEST = 5_000_000;
    private static final Logger log = LoggerFactory.getLogger(BuildLog.class);
    private static final int LONGEST_LINE = 4_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    /** How much there is to read, and whether more can come. */
    record Extent(long lines, boolean ended, boolean closed) {}

    private final Path file;
    private long lines;
    private long bytes;
    private boolean truncated;
    private boolean ended;
    private boolean closed;

    private BuildLog(Path file, long lines, long bytes) {
        this.file = file;
        this.lines = lines;
        this.bytes = bytes;
    }

    /** Opens a new log, or the one that a crash left, whose last line may be half a line. */
    static BuildLog open(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        byte[] content = Files.readAllBytes(file);
        long lines = 0;
        for (byte b : content) {
            lines += b == '\n' ? 1 : 0;
        }
        BuildLog opened = new BuildLog(file, lines, content.length);
        if (content.length > 0 && content[content.length - 1] != '\n') {
            opened.append("\n");
        }
        return opened;
    }

    Path file() {
        return file;
    }

    /** Writes the builder's own words; a text of several lines becomes several lines. */
    void line(Stage stage, String text) {
        text.lines().forEach(line -> write(stage, line));
    }

    /** Writes a line of a command's output, if there is still room. */
    synchronized void output(Stage stage, String text) {
        if (bytes < LARGEST) {
            write(stage, text);
        } else if (!truncated) {
            truncated = true;
            write(stage, "[the output is longer than %d bytes: the rest is not kept]".formatted(LARGEST));
        }
    }

    /** Nothing follows: the build is finished. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Nothing follows now: the server closes. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Has whoever waits in {@link #await} look again whether they still want to. */
    synchronized void nudge() {
        notifyAll();
    }

    /** Waits until there are more than so many lines, nothing more can come, or nobody wants to know any more. */
    synchronized Extent await(long known, BooleanSupplier unwanted) throws InterruptedException {
        while (lines <= known && !ended && !closed && !unwanted.getAsBoolean()) {
            wait();
        }
        return new Extent(lines, ended, closed);
    }

    private synchronized void write(Stage stage, String text) {
        append("%s [%s] %s%n"
                .formatted(
                        LocalTime.now(ZoneId.systemDefault()).format(TIME),
                        stage.label(),
                        Text.line(text, LONGEST_LINE)));
    }

    private synchronized void append(String text) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(line);
            bytes += line.length;
            lines++;
            notifyAll();
        } catch (IOException e) {
            log.error("a line of {} is lost", file, e);
        }
    }
}
