package org.ocpu.webapp;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The server's log: the end of its file, and what comes, as it comes to the file. What is told is what the file has, so that no
 * session's key is in it. Costs nothing while nobody listens. Thread-safe.
 */
final class LogFeed extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final String FILE = "FILE";

    /** Of the file's end, how much is looked at. */
    private static final int LONGEST_TAIL = 1 << 20;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Optional<FileAppender<ILoggingEvent>> file;
    private final Listeners listeners = new Listeners();

    /** Follows the log from now on. */
    LogFeed() {
        this.file = root.getAppender(FILE) instanceof FileAppender<ILoggingEvent> appender
                ? Optional.of(appender)
                : Optional.empty();
        setContext(root.getLoggerContext());
        setName("FEED");
        start();
        root.addAppender(this);
    }

    /** Who is told {@code line}, which is several lines where there is a stack trace. */
    Listeners listeners() {
        return listeners;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (listeners.any()) {
            listeners.tell("line", Map.of("level", event.getLevel().toString(), "text", text(event)));
        }
    }

    private String text(ILoggingEvent event) {
        return file.map(FileAppender::getEncoder)
                .filter(LayoutWrappingEncoder.class::isInstance)
                .map(encoder -> ((LayoutWrappingEncoder<ILoggingEvent>) encoder).getLayout())
                .map(layout -> layout.doLayout(event).stripTrailing())
                .orElseGet(() -> Logs.masked(event.getFormattedMessage()));
    }

    /** The last lines of the file, at most so many. */
    List<String> tail(int lines) {
        List<String> all = file.map(appender -> end(Path.of(appender.getFile())))
                .orElse("")
                .lines()
                .toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** Whole lines. */
    private static String end(Path log) {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            long length = in.length();
            byte[] bytes = new byte[(int) Math.min(LONGEST_TAIL, length)];
            in.seek(length - bytes.length);
            in.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return bytes.length == length ? text : text.substring(text.indexOf('\n') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
