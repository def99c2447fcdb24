package org.ocpu.app.rdata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A stream read through a buffer, up to a limit on what its content may take in memory. */
final class ByteSource {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private final long limit;
    private long spent;

    ByteSource(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    void order(ByteOrder order) {
        buffer.order(order);
    }

    /**
     * The buffer, with at least {@code count} bytes remaining and usually more.
     *
     * @param count not more than fits in the buffer
     */
    ByteBuffer atLeast(int count) {
        if (buffer.remaining() < count) {
            fill(count);
        }
        return buffer;
    }

    private void fill(int count) {
        buffer.compact();
        try {
            while (buffer.position() < count) {
                int read = in.read(buffer.array(), buffer.position(), buffer.remaining());
                if (read < 0) {
                    throw new RDataException("R data end early");
                }
                spend(read);
                buffer.position(buffer.position() + read);
            }
        } catch (IOException e) {
            throw new RDataException("R data cannot be read: " + e.getMessage(), e);
        } finally {
            buffer.flip();
        }
    }

    /** Counts what takes memory without taking as many bytes of the stream. */
    void spend(long bytes) {
        spent += bytes;
        if (spent > limit) {
            throw new RDataLimitException(limit);
        }
    }

    long spent() {
        return spent;
    }
}
