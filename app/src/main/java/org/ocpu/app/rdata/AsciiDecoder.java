package org.ocpu.app.rdata;

import java.io.ByteArrayOutputStream;

/** Words between white space, in the format "A". */
final class AsciiDecoder extends Decoder {
    private static final int LONGEST_WORD = 128;
    private static final String ESCAPES = "ntvbrfa";
    private static final byte[] ESCAPED = {'\n', '\t', 0x0b, '\b', '\r', '\f', 0x07};

    AsciiDecoder(ByteSource source) {
        super(source);
    }

    @Override
    int integer() {
        String word = word();
        try {
            return word.equals("NA") ? RInteger.NA : Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new RDataException("not an integer: " + word, e);
        }
    }

    private double real() {
        String word = word();
        try {
            return switch (word) {
                case "NA" -> RDouble.NA;
                case "NaN" -> Double.NaN;
                case "Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(word);
            };
        } catch (NumberFormatException e) {
            throw new RDataException("not a number: " + word, e);
        }
    }

    @Override
    void integers(int[] into, int from, int to) {
        for (int i = from; i < to; i++) {
            into[i] = integer();
        }
    }

    @Override
    void reals(double[] into, int from, int to) {
        for (int i = from; i < to; i++) {
            into[i] = real();
        }
    }

    @Override
    void bytes(byte[] into, int from, int to) {
        for (int i = from; i < to; i++) {
            String word = word();
            try {
                into[i] = (byte) Integer.parseInt(word, 16);
            } catch (NumberFormatException e) {
                throw new RDataException("not a byte: " + word, e);
            }
        }
    }

    @Override
    byte[] chars(int length) {
        ByteArrayOutputStream chars = new ByteArrayOutputStream();
        if (length > 0) {
            chars.write(character(afterSpace()));
        }
        while (chars.size() < length) {
            chars.write(character(next()));
        }
        return chars.toByteArray();
    }

    private int character(int c) {
        return c == '\\' ? escaped(next()) : c;
    }

    private int escaped(int c) {
        if (c >= '0' && c <= '7') {
            return octal(c - '0');
        }
        int index = ESCAPES.indexOf(c);
        return index < 0 ? c : ESCAPED[index];
    }

    private int octal(int first) {
        int value = first;
        for (int digits = 1; digits < 3 && peek() >= '0' && peek() <= '7'; digits++) {
            value = value * 8 + next() - '0';
        }
        return value;
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int c = afterSpace(); !isSpace(c); c = next()) {
            if (word.length() == LONGEST_WORD) {
                throw new RDataException("a word of R data is too long");
            }
            word.append((char) c);
        }
        return word.toString();
    }

    private int afterSpace() {
        int c = next();
        while (isSpace(c)) {
            c = next();
        }
        return c;
    }

    private static boolean isSpace(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private int next() {
        return source.atLeast(1).get() & 0xff;
    }

    private int peek() {
        return source.atLeast(1).duplicate().get() & 0xff;
    }
}
