package org.ocpu.app.rexp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalDouble;
import org.ocpu.app.rdata.RDataException;
import org.ocpu.app.rdata.RDataLimitException;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rexp.Rexp.CMPLX;
import org.ocpu.app.rexp.Rexp.REXP;
import org.ocpu.app.rexp.Rexp.REXP.RBOOLEAN;
import org.ocpu.app.rexp.Rexp.STRING;

/**
 * Reads a value that {@code serialize_pb()} of protolite or RProtoBuf wrote, as {@code protolite::unserialize_pb()} does.
 *
 * <p>The message may be hostile. Whatever is wrong with it, and an error of the stream, is a {@link RexpException}, or a {@link
 * RDataException} for what is as R serializes it. Attributes that R would refuse are refused, so that the value is a sound one.
 */
public final class RexpReader {
    private static final int TYPE = 3;
    private static final int NUMBER = WireFormat.WIRETYPE_VARINT;
    private static final int DOUBLE = WireFormat.WIRETYPE_FIXED64;
    private static final int DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** What a value takes beside its content, and what a string does, in bytes. */
    private static final int VALUE = 64;

    private static final int TEXT = 40;

    private final CodedInputStream in;
    private final long limit;
    private long left;
    private int depth;

    private RexpReader(CodedInputStream in, long limit) {
        this.in = in;
        this.limit = limit;
        this.left = limit;
    }

    /** Reads to the end of the stream. */
    public static RValue read(InputStream stream) {
        return read(stream, Integer.MAX_VALUE);
    }

    /**
     * Reads to the end of the stream.
     *
     * @param limit the most bytes that are read, and the most that values may take, what is as R serializes it included
     */
    public static RValue read(InputStream stream, int limit) {
        CodedInputStream in = CodedInputStream.newInstance(stream, 1 << 16);
        in.setSizeLimit(limit);
        try {
            return new RexpReader(in, limit).message();
        } catch (InvalidProtocolBufferException e) {
            throw new RexpException("not a protocol buffer message REXP: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new RexpException("a protocol buffer message cannot be read: " + e.getMessage(), e);
        }
    }

    private RValue message() throws IOException {
        if (++depth > RDataReader.MAX_DEPTH) {
            throw new RexpException("a protocol buffer message nests deeper than " + RDataReader.MAX_DEPTH);
        }
        spend(VALUE);
        RexpContent content = new RexpContent(this::unserialize);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            field(tag, content);
        }
        depth--;
        return content.value();
    }

    private void field(int tag, RexpContent content) throws IOException {
        switch (tag) {
            case (REXP.RCLASS_FIELD_NUMBER << TYPE) | NUMBER -> content.rclass(in.readEnum());
            case (REXP.REALVALUE_FIELD_NUMBER << TYPE) | DOUBLE ->
                content.reals().add(in.readDouble());
            case (REXP.REALVALUE_FIELD_NUMBER << TYPE) | DELIMITED -> reals(content.reals());
            case (REXP.INTVALUE_FIELD_NUMBER << TYPE) | NUMBER ->
                content.integers().add(in.readSInt32());
            case (REXP.INTVALUE_FIELD_NUMBER << TYPE) | DELIMITED -> integers(content.integers());
            case (REXP.BOOLEANVALUE_FIELD_NUMBER << TYPE) | NUMBER ->
                content.logicals().add(logical());
            case (REXP.BOOLEANVALUE_FIELD_NUMBER << TYPE) | DELIMITED -> logicals(content.logicals());
            case (REXP.STRINGVALUE_FIELD_NUMBER << TYPE) | DELIMITED ->
                content.strings().add(string());
            case (REXP.RAWVALUE_FIELD_NUMBER << TYPE) | DELIMITED -> content.raws(in.readByteArray());
            case (REXP.COMPLEXVALUE_FIELD_NUMBER << TYPE) | DELIMITED -> complex(content.complexes());
            case (REXP.REXPVALUE_FIELD_NUMBER << TYPE) | DELIMITED ->
                content.elements().add(nested());
            case (REXP.ATTRNAME_FIELD_NUMBER << TYPE) | DELIMITED ->
                content.attributeNames().add(in.readStringRequireUtf8());
            case (REXP.ATTRVALUE_FIELD_NUMBER << TYPE) | DELIMITED ->
                content.attributeValues().add(nested());
            case (REXP.NATIVEVALUE_FIELD_NUMBER << TYPE) | DELIMITED -> content.serialized(in.readBytes());
            default -> skip(tag);
        }
    }

    private void spend(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw new RDataLimitException(limit);
        }
    }

    private void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new RexpException("a protocol buffer message ends what it had not begun");
        }
    }

    private int begin() throws IOException {
        return in.pushLimit(in.readRawVarint32());
    }

    private void end(int outer) {
        if (in.getBytesUntilLimit() != 0) {
            throw new RexpException("a protocol buffer message ends early");
        }
        in.popLimit(outer);
    }

    private RValue nested() throws IOException {
        int outer = begin();
        RValue value = message();
        end(outer);
        return value;
    }

    private RValue unserialize(InputStream serialized) {
        RDataReader reader = new RDataReader(serialized, left);
        RValue value = reader.read();
        spend(reader.spent());
        return value;
    }

    private void reals(Doubles values) throws IOException {
        int outer = begin();
        values.expect(in.getBytesUntilLimit() / Double.BYTES);
        while (in.getBytesUntilLimit() > 0) {
            values.add(in.readDouble());
        }
        end(outer);
    }

    private void integers(Ints values) throws IOException {
        int outer = begin();
        while (in.getBytesUntilLimit() > 0) {
            spend(Integer.BYTES);
            values.add(in.readSInt32());
        }
        end(outer);
    }

    private void logicals(Ints values) throws IOException {
        int outer = begin();
        while (in.getBytesUntilLimit() > 0) {
            spend(Integer.BYTES);
            values.add(logical());
        }
        end(outer);
    }

    private int logical() throws IOException {
        int number = in.readEnum();
        return switch (number) {
            case RBOOLEAN.F_VALUE -> 0;
            case RBOOLEAN.T_VALUE -> 1;
            case RBOOLEAN.NA_VALUE -> RLogical.NA;
            default -> throw new RexpException("a REXP has a logical value " + number);
        };
    }

    /** A string, null for NA. */
    private String string() throws IOException {
        int outer = begin();
        spend(TEXT);
        String value = "";
        boolean missing = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case (STRING.STRVAL_FIELD_NUMBER << TYPE) | DELIMITED -> value = in.readStringRequireUtf8();
                case (STRING.ISNA_FIELD_NUMBER << TYPE) | NUMBER -> missing = in.readBool();
                default -> skip(tag);
            }
        }
        end(outer);
        return missing ? null : value;
    }

    private void complex(Doubles parts) throws IOException {
        int outer = begin();
        spend(2 * Double.BYTES);
        double real = 0;
        OptionalDouble imaginary = OptionalDouble.empty();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case (CMPLX.REAL_FIELD_NUMBER << TYPE) | DOUBLE -> real = in.readDouble();
                case (CMPLX.IMAG_FIELD_NUMBER << TYPE) | DOUBLE -> imaginary = OptionalDouble.of(in.readDouble());
                default -> skip(tag);
            }
        }
        end(outer);
        parts.add(real);
        parts.add(imaginary.orElseThrow(() -> new RexpException("a complex number has no imaginary part")));
    }
}
