package org.ocpu.app.rdata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Binary numbers: big-endian in the usual format "X" (XDR), little-endian in the format "B" as written on today's machines. */
final class BinaryDecoder extends Decoder {
    BinaryDecoder(ByteSource source, ByteOrder order) {
        super(source);
        source.order(order);
    }

    @Override
    int integer() {
        return source.atLeast(Integer.BYTES).getInt();
    }

    @Override
    byte[] chars(int length) {
        return bytes(length);
    }

    @Override
    void integers(int[] into, int from, int to) {
        for (int next = from; next < to; ) {
            ByteBuffer buffer = source.atLeast(Integer.BYTES);
            int count = Math.min(to - next, buffer.remaining() / Integer.BYTES);
            buffer.asIntBuffer().get(into, next, count);
            buffer.position(buffer.position() + count * Integer.BYTES);
            next += count;
        }
    }

    @Override
    void reals(double[] into, int from, int to) {
        for (int next = from; next < to; ) {
            ByteBuffer buffer = source.atLeast(Double.BYTES);
            int count = Math.min(to - next, buffer.remaining() / Double.BYTES);
            buffer.asDoubleBuffer().get(into, next, count);
            buffer.position(buffer.position() + count * Double.BYTES);
            next += count;
        }
    }

    @Override
    void bytes(byte[] into, int from, int to) {
        for (int next = from; next < to; ) {
            ByteBuffer buffer = source.atLeast(1);
            int count = Math.min(to - next, buffer.remaining());
            buffer.get(into, next, count);
            next += count;
        }
    }
}
