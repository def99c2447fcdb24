package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lines of a file from outside, which must not fill the memory: neither as a whole nor with one line. The characters are the
 * bytes, since what an index is read for is ASCII.
 */
final class IndexLines {
    private static final int LONGEST = 1 << 20;

    private final InputStream in;
    private final long most;
    private final byte[] buffer = new byte[64 << 10];
    private byte[] begun = new byte[1 << 10];
    private int position;
    private int filled;
    private long total;
    private int number;

    /** @param most bytes in all */
    IndexLines(InputStream in, long most) {
        this.in = in;
        this.most = most;
    }

    /** Of the line read last; the first is 1. */
    int number() {
        return number;
    }

    /**
     * The next line, without its end.
     *
     * @throws BuildFailure when the file or the line is too large
     */
    Optional<String> next() throws IOException {
        int kept = 0;
        while (position < filled || fill()) {
            int end = lineEnd();
            int length = end - position;
            if (kept == 0 && end < filled) {
                return Optional.of(line(buffer, position, length, end + 1));
            }
            begun = append(kept, length);
            kept += length;
            position = end;
            if (end < filled) {
                return Optional.of(line(begun, 0, kept, end + 1));
            }
        }
        return kept == 0 ? Optional.empty() : Optional.of(line(begun, 0, kept, filled));
    }

    private int lineEnd() {
        int end = position;
        while (end < filled && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private byte[] append(int kept, int length) {
        if (kept + length > LONGEST) {
            throw new BuildFailure("line %d is longer than 1 MB".formatted(number + 1));
        }
        byte[] room = kept + length > begun.length ? Arrays.copyOf(begun, 2 * (kept + length)) : begun;
        System.arraycopy(buffer, position, room, kept, length);
        return room;
    }

    private String line(byte[] from, int start, int length, int next) {
        position = next;
        number++;
        boolean carriageReturn = length > 0 && from[start + length - 1] == '\r';
        return new String(from, start, carriageReturn ? length - 1 : length, StandardCharsets.ISO_8859_1);
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(buffer));
        total += filled;
        if (total > most) {
            throw new BuildFailure("it has more than " + Words.size(most));
        }
        return filled > 0;
    }
}
