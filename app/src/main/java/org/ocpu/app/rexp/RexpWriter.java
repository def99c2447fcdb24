package org.ocpu.app.rexp;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import org.ocpu.app.rdata.Attribute;
import org.ocpu.app.rdata.RDataHeader;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RExpression;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;
import org.ocpu.app.rexp.Rexp.REXP;
import org.ocpu.app.rexp.Rexp.REXP.RClass;

/**
 * Writes a value as {@code protolite::serialize_pb()} does, byte for byte.
 *
 * <p>Vectors, lists and NULL have fields of their own; all else is as R serializes it, attributes included. Strings are written as
 * UTF-8. The size of a message precedes it, so a value is gone through twice, in the same order: once to measure and once to write.
 */
public final class RexpWriter {
    private static final int BUFFER = 1 << 16;
    private static final int RCLASS_SIZE =
            CodedOutputStream.computeEnumSize(REXP.RCLASS_FIELD_NUMBER, RClass.NATIVE_VALUE);

    private final RDataHeader header;
    private final Sizes sizes = new Sizes();
    private int depth;

    private RexpWriter(RDataHeader header) {
        this.header = header;
    }

    /**
     * Writes and flushes, but does not close, the stream.
     *
     * @param header of what is as R serializes it
     */
    public static void write(RValue value, RDataHeader header, OutputStream stream) throws IOException {
        RexpWriter writer = new RexpWriter(header);
        writer.measure(value);
        CodedOutputStream out = CodedOutputStream.newInstance(stream, BUFFER);
        writer.sizes.next();
        writer.write(value, out);
        out.flush();
    }

    public static byte[] bytes(RValue value, RDataHeader header) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(value, header, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private long measure(RValue value) throws IOException {
        if (++depth > RDataReader.MAX_DEPTH) {
            throw new RexpException("a value nests deeper than " + RDataReader.MAX_DEPTH);
        }
        int slot = sizes.reserve();
        long size = RCLASS_SIZE + measureContent(value);
        for (Attribute attribute : attributes(value)) {
            size += CodedOutputStream.computeStringSize(REXP.ATTRNAME_FIELD_NUMBER, attribute.name());
            size += Field.delimited(REXP.ATTRVALUE_FIELD_NUMBER, measure(attribute));
        }
        depth--;
        sizes.set(slot, size);
        return size;
    }

    private long measureContent(RValue value) throws IOException {
        if (!(value instanceof RList list)) {
            return Field.of(value, header).size();
        }
        long size = 0;
        for (RValue element : list.values()) {
            size += Field.delimited(REXP.REXPVALUE_FIELD_NUMBER, measure(element));
        }
        return size;
    }

    private long measure(Attribute attribute) throws IOException {
        OptionalInt rows = RowNames.count(attribute);
        return rows.isPresent()
                ? RCLASS_SIZE + Field.Integers.upTo(rows.getAsInt()).size()
                : measure(attribute.value());
    }

    private void write(RValue value, CodedOutputStream out) throws IOException {
        if (value instanceof RList list) {
            out.writeEnum(REXP.RCLASS_FIELD_NUMBER, RClass.LIST_VALUE);
            for (RValue element : list.values()) {
                Field.begin(out, REXP.REXPVALUE_FIELD_NUMBER, sizes.next());
                write(element, out);
            }
        } else {
            write(Field.of(value, header), out);
        }
        for (Attribute attribute : attributes(value)) {
            out.writeString(REXP.ATTRNAME_FIELD_NUMBER, attribute.name());
        }
        for (Attribute attribute : attributes(value)) {
            write(attribute, out);
        }
    }

    private static void write(Field field, CodedOutputStream out) throws IOException {
        out.writeEnum(REXP.RCLASS_FIELD_NUMBER, field.rclass().getNumber());
        field.write(out);
    }

    private void write(Attribute attribute, CodedOutputStream out) throws IOException {
        OptionalInt rows = RowNames.count(attribute);
        if (rows.isPresent()) {
            Field numbers = Field.Integers.upTo(rows.getAsInt());
            Field.begin(out, REXP.ATTRVALUE_FIELD_NUMBER, RCLASS_SIZE + numbers.size());
            write(numbers, out);
        } else {
            Field.begin(out, REXP.ATTRVALUE_FIELD_NUMBER, sizes.next());
            write(attribute.value(), out);
        }
    }

    /** Those that the message has; what is as R serializes it has them in there. */
    private static List<Attribute> attributes(RValue value) {
        boolean own = value instanceof RVector && !(value instanceof RExpression);
        return own ? value.attributes().list() : List.of();
    }
}
