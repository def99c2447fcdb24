package org.ocpu.app.rdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The numbers and strings of one of the three encodings of the format.
 *
 * <p>A length that is read is not trusted: memory is taken as the elements arrive.
 */
abstract class Decoder {
    private static final int FIRST = 1 << 10;
    private static final int BUFFER = 1 << 13;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    final ByteSource source;

    Decoder(ByteSource source) {
        this.source = source;
    }

    /** Finds out which encoding it is, and whether it is compressed. */
    static Decoder open(InputStream stream, long limit) {
        try {
            return of(new ByteSource(decompressed(new PushbackInputStream(stream, 2)), limit));
        } catch (IOException e) {
            throw new RDataException("R data cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream decompressed(PushbackInputStream stream) throws IOException {
        byte[] start = stream.readNBytes(2);
        stream.unread(start);
        return Arrays.equals(start, GZIP) ? new GZIPInputStream(stream, BUFFER) : stream;
    }

    private static Decoder of(ByteSource source) {
        int format = source.atLeast(2).getShort();
        return switch (format) {
            case 'X' << 8 | '\n' -> new BinaryDecoder(source, ByteOrder.BIG_ENDIAN);
            case 'B' << 8 | '\n' -> new BinaryDecoder(source, ByteOrder.LITTLE_ENDIAN);
            case 'A' << 8 | '\n' -> new AsciiDecoder(source);
            default -> throw new RDataException("not R's serialization format");
        };
    }

    /** Charges what takes memory without taking as many bytes of the stream. */
    void spend(long bytes) {
        source.spend(bytes);
    }

    long spent() {
        return source.spent();
    }

    abstract int integer();

    abstract byte[] chars(int length);

    abstract void integers(int[] into, int from, int to);

    abstract void reals(double[] into, int from, int to);

    abstract void bytes(byte[] into, int from, int to);

    /** The room to make next for {@code length} elements of which {@code have} have arrived. */
    static int room(int have, int length) {
        return (int) Math.min(length, Math.max(FIRST, 2L * have));
    }

    int[] integers(int length) {
        int[] values = {};
        for (int have = 0; have < length; have = values.length) {
            values = Arrays.copyOf(values, room(have, length));
            integers(values, have, values.length);
        }
        return values;
    }

    double[] reals(int length) {
        double[] values = {};
        for (int have = 0; have < length; have = values.length) {
            values = Arrays.copyOf(values, room(have, length));
            reals(values, have, values.length);
        }
        return values;
    }

    byte[] bytes(int length) {
        byte[] values = {};
        for (int have = 0; have < length; have = values.length) {
            values = Arrays.copyOf(values, room(have, length));
            bytes(values, have, values.length);
        }
        return values;
    }

    /** The length of a vector. */
    final int length() {
        int length = integer();
        if (length == -1) {
            throw new RDataException("R data have a vector of 2^31 elements or more");
        }
        return nonNegative(length);
    }

    static int nonNegative(int length) {
        if (length < 0) {
            throw new RDataException("R data have a negative length");
        }
        return length;
    }
}
