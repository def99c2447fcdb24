package org.ocpu.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files of packages as repositories offer them, in a directory: each appears by one rename when it is whole and has the MD5
 * of its index. What is there already is not fetched again, and what is there in part, after a crash too, is gone on with. An
 * entry that two threads want is fetched once. Thread-safe.
 */
final class Downloads {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
    private static final int DIGITS = 12;
    private static final long LOOK_MILLIS = 100;

    private final Path directory;
    private final Times times;
    private final WebClient web;
    private final Set<Path> underway = new HashSet<>();

    /** Hears how far a download is, after each few kilobytes, in the thread that waits for it; nothing of a file that is there. */
    @FunctionalInterface
    interface Progress {
        /**
         * Hears of so many bytes.
         *
         * @param size of the whole; 0 when the server does not tell
         */
        void at(long bytes, long size);
    }

    /**
     * How long the parts of a download may take.
     *
     * @param connecting to a server
     * @param silence how long a server may send nothing
     * @param longest all of it, pauses too
     * @param pauses before each further try, so their number is that of further tries
     */
    record Times(Duration connecting, Duration silence, Duration longest, List<Duration> pauses) {
        static final Times USUAL = new Times(
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(60)));

        Times {
            pauses = List.copyOf(pauses);
        }
    }

    /** @param agent what to call oneself: some repositories have built packages for R's own user agent only */
    Downloads(Path directory, String agent) {
        this(directory, agent, Times.USUAL);
    }

    Downloads(Path directory, String agent, Times times) {
        this.directory = directory;
        this.times = times;
        this.web = new WebClient(agent, times.connecting());
    }

    /**
     * Fetches a package's file unless it is there.
     *
     * @param most bytes it may have
     * @throws BuildFailure saying why it cannot be had
     * @throws BuildStopped soon after the signal; what has come so far stays for the next time
     */
    Path get(IndexEntry entry, long most, Progress progress, StopSignal stop) {
        Path file = file(entry);
        begin(file, stop);
        try {
            Files.createDirectories(directory);
            Download.Order order = new Download.Order(entry, file, most, progress, stop);
            return new Download(web, times, order).call();
        } catch (IOException e) {
            throw new BuildFailure("%s cannot be kept: %s".formatted(entry, Text.line(e.toString(), 300)), e);
        } finally {
            end(file);
        }
    }

    /**
     * Where a package's file is once it has been fetched.
     *
     * @throws BuildFailure when what the index says of it is no name for a file
     */
    Path file(IndexEntry entry) {
        String name = entry.name() + "_" + entry.version();
        if (!PLAIN.matcher(name).matches()) {
            throw new BuildFailure("not the name and version of a package: " + Text.line(name, 200));
        }
        String md5 = entry.md5().orElseGet(() -> "unverified-" + ofAddress(entry));
        if (entry.md5().isPresent() && !MD5.matcher(md5).matches()) {
            throw new BuildFailure("%s: the index has no MD5: %s".formatted(entry, Text.line(md5, 100)));
        }
        String kept = entry.md5().isPresent() ? md5.substring(0, DIGITS) : md5;
        return directory.resolve("%s-%s.tar.gz".formatted(name, kept));
    }

    /** Without an MD5, only the address tells a package from the same version of it that somebody has built. */
    private static String ofAddress(IndexEntry entry) {
        byte[] address = entry.file().toString().getBytes(StandardCharsets.UTF_8);
        return Md5.hex(Md5.digest().digest(address)).substring(0, DIGITS);
    }

    /** Deletes all but these files, what there is of them, and what is being fetched now. */
    void keepOnly(Set<Path> wanted) {
        synchronized (underway) {
            for (Path path : Disk.list(directory)) {
                Path whole = PartFile.wholeOf(path);
                if (!wanted.contains(whole) && !underway.contains(whole)) {
                    delete(path);
                }
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new BuilderException(path + " cannot be deleted", e);
        }
    }

    private void begin(Path file, StopSignal stop) {
        synchronized (underway) {
            try {
                while (!underway.add(file)) {
                    stop.check();
                    underway.wait(LOOK_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BuildStopped();
            }
        }
    }

    private void end(Path file) {
        synchronized (underway) {
            underway.remove(file);
            underway.notifyAll();
        }
    }
}
