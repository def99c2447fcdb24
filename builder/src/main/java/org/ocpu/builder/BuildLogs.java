package org.ocpu.builder;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ocpu.app.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of all builds: {@code <id>.log} in one directory. Thread-safe.
 *
 * <p>Followers read the file, at their own pace and on their own thread, and are only told by the writer how far it goes: so
 * a slow one holds nobody up, and no line is lost or doubled between what was there and what comes.
 */
final class BuildLogs implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuildLogs.class);

    private final Path directory;
    private final BuildLog.Rules rules;
    private final Map<Long, BuildLog> open = new ConcurrentHashMap<>();
    private final ExecutorService followers = Executors.newCachedThreadPool(DaemonThreads.named("log-follower"));

    /** @param rules how each is kept */
    BuildLogs(Path directory, BuildLog.Rules rules) {
        this.directory = directory;
        this.rules = rules;
    }

    /** The log of a build that is not finished. */
    BuildLog open(long id) {
        return open.computeIfAbsent(id, missing -> {
            try {
                return BuildLog.open(file(id), rules);
            } catch (IOException e) {
                throw new BuilderException("the log of build " + id + " cannot be opened", e);
            }
        });
    }

    /** Ends the log of a finished build. */
    void end(long id) {
        Optional.ofNullable(open.get(id)).ifPresent(BuildLog::end);
        open.remove(id);
    }

    /** Deletes the log of a finished build; who follows it hears it to its end. */
    void delete(long id) {
        end(id);
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            log.warn("the log of build {} cannot be deleted", id, e);
        }
    }

    /** The file with the log of a build, if there is one. */
    Optional<Path> find(long id) {
        return Optional.of(file(id)).filter(Files::isRegularFile);
    }

    /** The last lines, together at most so many bytes, without colours. */
    String tail(long id, int most) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file(id).toFile(), "r")) {
            long skipped = Math.max(0, in.length() - most);
            in.seek(skipped);
            byte[] end = new byte[(int) (in.length() - skipped)];
            in.readFully(end);
            String text = Text.colourless(new String(end, StandardCharsets.UTF_8));
            return skipped == 0 ? text : "[...]\n" + text.substring(text.indexOf('\n') + 1);
        }
    }

    /** Tells the listener the lines after this number, then each new one, then the end. */
    LogSubscription follow(long id, long fromLine, LogListener listener) {
        BuildLog live = open.get(id);
        Optional<Path> file = find(id);
        if (file.isEmpty()) {
            listener.end();
            return () -> {};
        }
        AtomicBoolean cancelled = new AtomicBoolean();
        Follower follower = new Follower(file.get(), Optional.ofNullable(live), fromLine, listener, cancelled);
        followers.execute(follower);
        return () -> {
            cancelled.set(true);
            Optional.ofNullable(live).ifPresent(BuildLog::nudge);
        };
    }

    @Override
    public void close() {
        open.values().forEach(BuildLog::close);
        followers.shutdown();
    }

    private Path file(long id) {
        return directory.resolve(id + ".log");
    }

    private record Follower(
            Path file, Optional<BuildLog> live, long fromLine, LogListener listener, AtomicBoolean cancelled)
            implements Runnable {
        @Override
        public void run() {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                if (live.isPresent() ? follow(reader, live.get()) : replay(reader)) {
                    listener.end();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) { // a listener whose client has gone says so by throwing
                log.debug("following {} ended", file, e);
            }
        }

        /** Returns whether the end was reached. */
        private boolean follow(BufferedReader reader, BuildLog source) throws IOException, InterruptedException {
            long number = 0;
            while (!cancelled.get()) {
                BuildLog.Extent extent = source.await(number, cancelled::get);
                while (number < extent.lines() && !cancelled.get()) {
                    tell(++number, reader.readLine());
                }
                if (number == extent.lines() && (extent.ended() || extent.closed())) {
                    return extent.ended();
                }
            }
            return false;
        }

        private boolean replay(BufferedReader reader) throws IOException {
            long number = 0;
            for (String line = reader.readLine(); line != null && !cancelled.get(); line = reader.readLine()) {
                tell(++number, line);
            }
            return !cancelled.get();
        }

        private void tell(long number, String line) {
            if (number > fromLine) {
                listener.line(number, line);
            }
        }
    }
}
