package org.ocpu.app.rdata;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * One string of R (a CHARSXP) and its encoding.
 *
 * @param value null for {@code NA_character_}
 * @param mark the flag bits that R keeps of its encoding, and {@link #UNDECODED}
 */
record Text(String value, byte mark) {
    static final Text NA = new Text(null, (byte) 0);

    private static final int BYTES = 1 << 1;
    private static final int LATIN1 = 1 << 2;
    private static final int UTF8 = 1 << 3;
    private static final int ASCII = 1 << 6;
    private static final int LEVELS = 0x7f;

    /** Not valid in its encoding: one char for each byte. */
    private static final int UNDECODED = 1 << 7;

    private static final Text EMPTY = new Text("", (byte) ASCII);

    static Text of(String value) {
        return new Text(value, mark(value));
    }

    static byte[] marks(String[] values) {
        byte[] marks = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            marks[i] = mark(values[i]);
        }
        return marks;
    }

    private static byte mark(String value) {
        if (value == null) {
            return 0;
        }
        return (byte) (value.chars().allMatch(c -> c < 0x80) ? ASCII : UTF8);
    }

    /** What {@code bytes} say with these flag bits; without any of an encoding, they are in R's native one. */
    static Text decode(byte[] bytes, int levels, Charset nativeEncoding) {
        if (isAscii(bytes)) {
            return bytes.length == 0 && levels == ASCII
                    ? EMPTY
                    : new Text(new String(bytes, StandardCharsets.US_ASCII), (byte) (levels & LEVELS));
        }
        if ((levels & (BYTES | LATIN1)) != 0) {
            return new Text(new String(bytes, StandardCharsets.ISO_8859_1), (byte) (levels & LEVELS));
        }
        boolean unicode = (levels & UTF8) != 0 || nativeEncoding.equals(StandardCharsets.UTF_8);
        return decode(bytes, unicode ? levels : UTF8, unicode, nativeEncoding);
    }

    private static Text decode(byte[] bytes, int levels, boolean unicode, Charset nativeEncoding) {
        Charset charset = unicode ? StandardCharsets.UTF_8 : nativeEncoding;
        try {
            String value = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new Text(value, (byte) (levels & LEVELS));
        } catch (CharacterCodingException e) {
            // R keeps and writes such strings as they are, so must we.
            return new Text(new String(bytes, StandardCharsets.ISO_8859_1), (byte) ((levels & LEVELS) | UNDECODED));
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    byte[] encode() {
        boolean single = (mark & (UNDECODED | BYTES | LATIN1)) != 0;
        return value.getBytes(single ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    int levels() {
        return mark & LEVELS;
    }
}
