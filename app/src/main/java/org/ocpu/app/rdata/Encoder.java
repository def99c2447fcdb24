package org.ocpu.app.rdata;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Numbers and bytes in the format "X" (XDR), written to a stream through a buffer. */
final class Encoder {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    Encoder(OutputStream out) {
        this.out = out;
    }

    void integer(int value) throws IOException {
        room(Integer.BYTES).putInt(value);
    }

    void integers(int[] values) throws IOException {
        for (int next = 0; next < values.length; ) {
            int count = Math.min(values.length - next, room(Integer.BYTES).remaining() / Integer.BYTES);
            buffer.asIntBuffer().put(values, next, count);
            buffer.position(buffer.position() + count * Integer.BYTES);
            next += count;
        }
    }

    void reals(double[] values) throws IOException {
        for (int next = 0; next < values.length; ) {
            int count = Math.min(values.length - next, room(Double.BYTES).remaining() / Double.BYTES);
            buffer.asDoubleBuffer().put(values, next, count);
            buffer.position(buffer.position() + count * Double.BYTES);
            next += count;
        }
    }

    void bytes(byte[] values) throws IOException {
        if (values.length <= buffer.remaining()) {
            buffer.put(values);
        } else {
            flush();
            out.write(values);
        }
    }

    void flush() throws IOException {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }
}
