package org.ocpu.app.table;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.message.ArrowBuffer;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.FBSerializables;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Rows of columns in Arrow's layout: for each column, depth first, a node and its buffers of little-endian values.
 *
 * <p>Buffers are on the heap. Arrow's own vectors keep theirs outside of it, which takes an allocator to close, one more library
 * and, to write them out on Java 17, a flag of the JVM.
 */
final class ArrowBatch {
    private static final int ALIGNMENT = 8;

    private final int rows;
    private final List<ArrowFieldNode> nodes = new ArrayList<>();
    private final List<ByteBuffer> buffers = new ArrayList<>();

    ArrowBatch(List<Column> columns, Table.Slice slice) {
        rows = slice.rows();
        columns.forEach(column -> add(column, slice.from(), slice.to()));
    }

    List<ByteBuffer> buffers() {
        return buffers;
    }

    /** The bytes of all buffers, each padded. */
    long bodyBytes() {
        return buffers.stream().mapToLong(ArrowBatch::padded).sum();
    }

    private static long padded(ByteBuffer buffer) {
        return buffer.remaining() + (long) padding(buffer);
    }

    /** The bytes that follow a buffer. */
    static int padding(ByteBuffer buffer) {
        return -buffer.remaining() & (ALIGNMENT - 1);
    }

    /** Adds the message's header and returns its offset. */
    int header(FlatBufferBuilder builder) {
        RecordBatch.startNodesVector(builder, nodes.size());
        int nodesAt = FBSerializables.writeAllStructsToVector(builder, nodes);
        RecordBatch.startBuffersVector(builder, buffers.size());
        int buffersAt = FBSerializables.writeAllStructsToVector(builder, layout());
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, rows);
        RecordBatch.addNodes(builder, nodesAt);
        RecordBatch.addBuffers(builder, buffersAt);
        return RecordBatch.endRecordBatch(builder);
    }

    private List<ArrowBuffer> layout() {
        List<ArrowBuffer> layout = new ArrayList<>();
        long offset = 0;
        for (ByteBuffer buffer : buffers) {
            layout.add(new ArrowBuffer(offset, buffer.remaining()));
            offset += padded(buffer);
        }
        return layout;
    }

    private void add(Column column, int from, int to) {
        Values values = column.values();
        addValidity(values, from, to);
        if (values instanceof Values.Numbers numbers) {
            buffers.add(numbers(column.type(), numbers, from, to));
        } else if (values instanceof Values.Reals reals) {
            buffers.add(reals(reals, from, to));
        } else if (values instanceof Values.Texts texts) {
            addTexts(texts, from, to);
        } else if (values instanceof Values.Factors factors) {
            buffers.add(indices(factors, from, to));
        } else if (values instanceof Values.Lists lists) {
            buffers.add(offsets(lists, from, to));
            add(lists.items(), lists.offsets()[from], lists.offsets()[to]);
        } else if (values instanceof Values.Structs structs) {
            structs.fields().forEach(field -> add(field, from, to));
        }
    }

    /** The node, and a bit for each row that is not null; no bits where none is. */
    private void addValidity(Values values, int from, int to) {
        int nulls = 0;
        for (int row = from; row < to; row++) {
            nulls += values.isNull(row) ? 1 : 0;
        }
        nodes.add(new ArrowFieldNode(to - from, nulls));
        buffers.add(nulls == 0 ? ByteBuffer.allocate(0) : bits(row -> !values.isNull(row), from, to));
    }

    private static ByteBuffer bits(IntPredicate isSet, int from, int to) {
        byte[] bits = new byte[(to - from + Byte.SIZE - 1) / Byte.SIZE];
        for (int row = from; row < to; row++) {
            if (isSet.test(row)) {
                bits[(row - from) / Byte.SIZE] |= (byte) (1 << (row - from) % Byte.SIZE);
            }
        }
        return ByteBuffer.wrap(bits);
    }

    private static ByteBuffer numbers(ArrowType type, Values.Numbers values, int from, int to) {
        if (type instanceof ArrowType.Bool) {
            return bits(row -> !values.isNull(row) && values.at(row) != 0, from, to);
        }
        int width = width(type);
        ByteBuffer buffer = littleEndian(width, to - from);
        for (int row = from; row < to; row++) {
            put(buffer, width, values.isNull(row) ? 0 : values.at(row));
        }
        return buffer.flip();
    }

    /** The bytes of a number of this type. */
    private static int width(ArrowType type) {
        if (type instanceof ArrowType.Int number) {
            return number.getBitWidth() / Byte.SIZE;
        } else if (type instanceof ArrowType.Time time) {
            return time.getBitWidth() / Byte.SIZE;
        }
        return type instanceof ArrowType.Date ? Integer.BYTES : Long.BYTES;
    }

    private static ByteBuffer indices(Values.Factors factors, int from, int to) {
        int width = ArrowSchema.indexBytes(factors);
        ByteBuffer buffer = littleEndian(width, to - from);
        for (int row = from; row < to; row++) {
            put(buffer, width, factors.isNull(row) ? 0 : factors.level(row));
        }
        return buffer.flip();
    }

    private static void put(ByteBuffer buffer, int width, long value) {
        switch (width) {
            case Byte.BYTES -> buffer.put((byte) value);
            case Short.BYTES -> buffer.putShort((short) value);
            case Integer.BYTES -> buffer.putInt((int) value);
            default -> buffer.putLong(value);
        }
    }

    private static ByteBuffer reals(Values.Reals reals, int from, int to) {
        ByteBuffer buffer = littleEndian(Double.BYTES, to - from);
        buffer.asDoubleBuffer().put(reals.values(), from, to - from);
        return buffer;
    }

    private void addTexts(Values.Texts texts, int from, int to) {
        ByteBuffer offsets = littleEndian(Integer.BYTES, to - from + 1).putInt(0);
        byte[][] encoded = new byte[to - from][];
        int end = 0;
        for (int row = from; row < to; row++) {
            String text = texts.values()[row];
            encoded[row - from] = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            end = Math.addExact(end, encoded[row - from].length);
            offsets.putInt(end);
        }
        buffers.add(offsets.flip());
        buffers.add(joined(encoded, end));
    }

    private static ByteBuffer joined(byte[][] parts, int length) {
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.flip();
    }

    private static ByteBuffer offsets(Values.Lists lists, int from, int to) {
        ByteBuffer offsets = littleEndian(Integer.BYTES, to - from + 1);
        for (int row = from; row <= to; row++) {
            offsets.putInt(lists.offsets()[row] - lists.offsets()[from]);
        }
        return offsets.flip();
    }

    private static ByteBuffer littleEndian(int width, int count) {
        return ByteBuffer.allocate(Math.multiplyExact(width, count)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
