package org.ocpu.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may use one part of the server, as its setting tells: entries with commas between them, or a file with an entry a line. */
final class Readers {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final String FILE = "file:";

    private final String key;
    private final Supplier<List<Reader>> entries;

    private Readers(String key, Supplier<List<Reader>> entries) {
        this.key = key;
        this.entries = entries;
    }

    /**
     * @param key of the setting
     * @throws IllegalArgumentException that names the key, and repeats no secret
     */
    static Readers parse(String key, String value) {
        if (value.startsWith(FILE)) {
            return new Readers(
                    key, new Kept(key, Path.of(value.substring(FILE.length()).strip())));
        }
        List<Reader> all = inline(key, value);
        return new Readers(key, () -> all);
    }

    private static List<Reader> inline(String key, String value) {
        try {
            List<Reader> all =
                    Stream.of(value.split(",", -1)).map(Reader::parse).toList();
            return all;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + ": " + e.getMessage() + ". It is to be none, file:PATH, or entries with commas between them.",
                    e);
        }
    }

    String key() {
        return key;
    }

    List<Reader> all() {
        return entries.get();
    }

    /** A file's entries, read again when it has changed. While it cannot be read, nobody is one. */
    private static final class Kept implements Supplier<List<Reader>> {
        private final String key;
        private final Path file;
        private State state;

        /** Which file was read, and what it told. */
        private record State(FileTime modified, long size, List<Reader> entries) {}

        Kept(String key, Path file) {
            this.key = key;
            this.file = file;
            try {
                this.state = read();
            } catch (IOException e) {
                throw new IllegalArgumentException(key + ": cannot read " + file + ": " + e.getMessage(), e);
            }
        }

        @Override
        public synchronized List<Reader> get() {
            try {
                if (!Files.getLastModifiedTime(file).equals(state.modified()) || Files.size(file) != state.size()) {
                    state = read();
                }
            } catch (IOException | IllegalArgumentException e) {
                if (!state.entries().isEmpty()) {
                    LOG.warn("Nobody may use what {} is for until its file can be read: {}", key, e.getMessage());
                }
                state = new State(FileTime.fromMillis(0), -1, List.of());
            }
            return state.entries();
        }

        private State read() throws IOException {
            FileTime modified = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            List<String> lines = Files.readAllLines(file);
            List<Reader> entries = new java.util.ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    entries.add(entry(line, i + 1));
                }
            }
            return new State(modified, size, List.copyOf(entries));
        }

        private Reader entry(String line, int number) {
            try {
                return Reader.parse(line);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + ": line " + number + " of " + file + ": " + e.getMessage(), e);
            }
        }
    }
}
