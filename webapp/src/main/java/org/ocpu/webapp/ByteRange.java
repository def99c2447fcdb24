package org.ocpu.webapp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a representation: {@code length} bytes from {@code start} (RFC 9110, section 14).
 *
 * <p>A range beyond the end is {@link #UNSATISFIABLE}.
 */
record ByteRange(long start, long length) {
    static final ByteRange UNSATISFIABLE = new ByteRange(-1, 0);

    private static final Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d*)-(\\d*)\\s*", Pattern.CASE_INSENSITIVE);

    /** Reads a {@code Range} header; empty when it asks for several ranges, another unit or makes no sense. */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = SINGLE.matcher(header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(size, number(matcher.group(2)));
            return Optional.of(last == 0 ? UNSATISFIABLE : new ByteRange(size - last, last));
        }
        long first = number(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : number(matcher.group(2));
        if (first > last) {
            return Optional.empty();
        }
        return Optional.of(first >= size ? UNSATISFIABLE : new ByteRange(first, Math.min(last, size - 1) - first + 1));
    }

    /** The value for {@code Content-Range}. */
    String contentRange(long size) {
        return equals(UNSATISFIABLE) ? "bytes */" + size : "bytes %d-%d/%d".formatted(start, start + length - 1, size);
    }

    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
