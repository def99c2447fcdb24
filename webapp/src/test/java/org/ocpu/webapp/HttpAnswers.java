package org.ocpu.webapp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the answers that came over one connection, strictly as RFC 9112 has them; one-shot. */
final class HttpAnswers {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) [\\t\\x20-\\x7e]*");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*)");

    private final String bytes;
    private final boolean first;
    private int at;

    private HttpAnswers(byte[] bytes, boolean head) {
        this.bytes = new String(bytes, StandardCharsets.ISO_8859_1);
        this.first = head;
    }

    /**
     * The status of each but the interim ones.
     *
     * @param head whether the first request's method was HEAD, whose answer has no body
     * @throws IllegalArgumentException telling what is wrong with them
     */
    static List<Integer> statuses(byte[] bytes, boolean head) {
        return new HttpAnswers(bytes, head).read();
    }

    private List<Integer> read() {
        List<Integer> statuses = new ArrayList<>();
        while (at < bytes.length()) {
            Matcher status = STATUS.matcher(line());
            require(status.matches(), "no status line");
            int code = Integer.parseInt(status.group(1));
            Fields fields = fields();
            // What comes later may be an answer to a HEAD that stood in the first request's body.
            boolean toHead = statuses.isEmpty() ? first : at == bytes.length();
            skipBody(code, toHead, fields);
            if (code >= 200) {
                statuses.add(code);
            }
        }
        return statuses;
    }

    private record Fields(int length, boolean chunked) {}

    private Fields fields() {
        int length = -1;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = FIELD.matcher(line);
            require(field.matches(), "no header field: " + line);
            if (field.group(1).equalsIgnoreCase("Content-Length")) {
                require(length < 0, "two lengths");
                length = Integer.parseInt(field.group(2));
            }
            chunked |= field.group(1).equalsIgnoreCase("Transfer-Encoding");
        }
        require(length < 0 || !chunked, "a length and chunks");
        return new Fields(length, chunked);
    }

    private void skipBody(int code, boolean head, Fields fields) {
        if (head || code < 200 || code == 204 || code == 304) {
            return;
        }
        if (fields.chunked()) {
            int length;
            do {
                length = Integer.parseInt(line(), 16);
                skip(length);
                require(line().isEmpty(), "a chunk that does not end");
            } while (length > 0);
        } else {
            skip(fields.length() < 0 ? bytes.length() - at : fields.length());
        }
    }

    private void skip(int length) {
        require(at + length <= bytes.length(), "a body that is cut off");
        at += length;
    }

    private String line() {
        int end = bytes.indexOf("\r\n", at);
        require(end >= 0, "a line that does not end");
        String line = bytes.substring(at, end);
        at = end + 2;
        return line;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise + " at byte " + at);
        }
    }
}
