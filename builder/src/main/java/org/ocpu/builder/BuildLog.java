package org.ocpu.builder;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a build that is not finished: a file of lines {@code 2025-01-31T12:34:56.789Z [stage] text}. Thread-safe.
 *
 * <p>The colours of commands' output stay in it. Of output beyond half the size that may be kept, only the end is: it waits in memory until the builder itself
 * has something to say, so that the file only ever grows and its lines keep their numbers. The builder's own words are never
 * dropped, secrets are never written. A full disk loses lines, not builds.
 */
final class BuildLog {
    private static final Logger log = LoggerFactory.getLogger(BuildLog.class);
    private static final int LONGEST_LINE = 4_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** How much there is to read, and whether more can come. */
    record Extent(long lines, boolean ended, boolean closed) {}

    /**
     * How a log is kept.
     *
     * @param largest bytes of commands' output
     */
    record Rules(long largest, Secrets secrets) {}

    private final Path file;
    private final Rules rules;
    private final Deque<String> tail = new ArrayDeque<>();
    private Stage tailStage = Stage.QUEUE;
    private long tailLength;
    private long leftOut;
    private long headRoom;
    private long tailRoom;
    private boolean over;
    private long lines;
    private boolean ended;
    private boolean closed;

    private BuildLog(Path file, Rules rules, long lines) {
        this.file = file;
        this.rules = rules;
        this.lines = lines;
        this.headRoom = rules.largest() / 2;
        this.tailRoom = rules.largest() - headRoom;
    }

    /** Opens a new log, or the one that a crash left, whose last line may be half a line. */
    static BuildLog open(Path file, Rules rules) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        byte[] content = Files.readAllBytes(file);
        long lines = 0;
        for (byte b : content) {
            lines += b == '\n' ? 1 : 0;
        }
        BuildLog opened = new BuildLog(file, rules, lines);
        if (content.length > 0 && content[content.length - 1] != '\n') {
            opened.append("\n", 1);
        }
        return opened;
    }

    Path file() {
        return file;
    }

    /** The text with {@code ***} for each secret, fit to be shown. */
    String withoutSecrets(String text) {
        return rules.secrets().hide(text);
    }

    /** Writes the builder's own words; a text of several lines becomes several lines. */
    synchronized void line(Stage stage, String text) {
        writeTail();
        text.lines().forEach(line -> append(format(stage, line), 1));
    }

    /** Writes a line of a command's output, or keeps it for the end of the output when that becomes too long. */
    synchronized void output(Stage stage, String text) {
        String line = format(stage, text);
        if (!over && size(line) <= headRoom) {
            headRoom -= size(line);
            append(line, 1);
            return;
        }
        if (!over) {
            over = true;
            append(format(stage, "[the output is long: from here on only its end is kept (builds.log)]"), 1);
        }
        tailStage = stage;
        tail.add(line);
        tailLength += size(line);
        while (tailLength > tailRoom / 2) { // the other half is for the stages that follow
            tailLength -= size(tail.remove());
            leftOut++;
        }
    }

    private void writeTail() {
        if (leftOut > 0) {
            append(format(tailStage, "[%d lines are left out here]".formatted(leftOut)), 1);
        }
        if (!tail.isEmpty()) {
            append(String.join("", tail), tail.size());
        }
        tailRoom -= tailLength;
        tail.clear();
        tailLength = 0;
        leftOut = 0;
    }

    /** Nothing follows: the build is finished. */
    synchronized void end() {
        writeTail();
        ended = true;
        notifyAll();
    }

    /** Nothing follows now: the server closes. */
    synchronized void close() {
        writeTail();
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

    private String format(Stage stage, String text) {
        return "%s [%s] %s\n"
                .formatted(TIME.format(Instant.now()), stage.label(), Text.shorten(shown(text), LONGEST_LINE));
    }

    /** A line with a secret loses its colours, which could hide the secret from being found. */
    private String shown(String text) {
        String plain = Text.line(text, Integer.MAX_VALUE);
        String safe = withoutSecrets(plain);
        return safe.equals(plain) ? Text.coloured(text) : safe;
    }

    private static int size(String line) {
        return line.getBytes(StandardCharsets.UTF_8).length;
    }

    private synchronized void append(String text, int count) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            lines += count;
            notifyAll();
        } catch (IOException e) {
            log.error("{} lines of {} are lost", count, file, e);
        }
    }
}
