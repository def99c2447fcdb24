package org.ocpu.app.rexp;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.function.IntUnaryOperator;
import org.ocpu.app.rdata.RComplex;
import org.ocpu.app.rdata.RDataHeader;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RRaw;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rexp.Rexp.CMPLX;
import org.ocpu.app.rexp.Rexp.REXP;
import org.ocpu.app.rexp.Rexp.REXP.RBOOLEAN;
import org.ocpu.app.rexp.Rexp.REXP.RClass;
import org.ocpu.app.rexp.Rexp.STRING;

/** The field of a message that has the content of a value, unless it is a list. */
interface Field {
    RClass rclass();

    /** The number of bytes that {@link #write} writes. */
    long size() throws IOException;

    void write(CodedOutputStream out) throws IOException;

    /** The field for a value; what has none of its own is as R serializes it, with this header. */
    static Field of(RValue value, RDataHeader header) {
        if (value instanceof RLogical logicals) {
            return new Logicals(logicals.values());
        } else if (value instanceof RInteger integers) {
            return new Integers(integers.length(), i -> integers.values()[i]);
        } else if (value instanceof RDouble doubles) {
            return new Reals(doubles.values());
        } else if (value instanceof RComplex complexes) {
            return new Complexes(complexes.values());
        } else if (value instanceof RString strings) {
            return new Strings(strings.values());
        } else if (value instanceof RRaw raws) {
            return new Raws(raws.values());
        } else if (value == RNull.INSTANCE) {
            return new Nothing();
        }
        return new NativeField(value, header);
    }

    /** The size of a field that begins with its length. */
    static long delimited(int number, long length) {
        if (length > Integer.MAX_VALUE) {
            throw new RexpException("a value is too large for a protocol buffer message");
        }
        return CodedOutputStream.computeTagSize(number)
                + CodedOutputStream.computeUInt32SizeNoTag((int) length)
                + length;
    }

    /** Begins a field of {@code length} bytes. */
    static void begin(CodedOutputStream out, int number, long length) throws IOException {
        out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag((int) length);
    }

    /** Of NULL, no field. */
    record Nothing() implements Field {
        @Override
        public RClass rclass() {
            return RClass.NULLTYPE;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void write(CodedOutputStream out) {}
    }

    record Reals(double[] values) implements Field {
        @Override
        public RClass rclass() {
            return RClass.REAL;
        }

        private long length() {
            return (long) values.length * Double.BYTES;
        }

        @Override
        public long size() {
            return values.length == 0 ? 0 : delimited(REXP.REALVALUE_FIELD_NUMBER, length());
        }

        @Override
        public void write(CodedOutputStream out) throws IOException {
            if (values.length > 0) {
                begin(out, REXP.REALVALUE_FIELD_NUMBER, length());
            }
            for (double value : values) {
                out.writeDoubleNoTag(value);
            }
        }
    }

    record Integers(int count, IntUnaryOperator values) implements Field {
        /** 1, 2, 3 and so on. */
        static Integers upTo(int count) {
            return new Integers(count, i -> i + 1);
        }

        @Override
        public RClass rclass() {
            return RClass.INTEGER;
        }

        private long length() {
            long length = 0;
            for (int i = 0; i < count && length <= Integer.MAX_VALUE; i++) {
                length += CodedOutputStream.computeSInt32SizeNoTag(values.applyAsInt(i));
            }
            return length;
        }

        @Override
        public long size() {
            return count == 0 ? 0 : delimited(REXP.INTVALUE_FIELD_NUMBER, length());
        }

        @Override
        public void write(CodedOutputStream out) throws IOException {
            if (count > 0) {
                begin(out, REXP.INTVALUE_FIELD_NUMBER, length());
            }
            for (int i = 0; i < count; i++) {
                out.writeSInt32NoTag(values.applyAsInt(i));
            }
        }
    }

    record Logicals(int[] values) implements Field {
        private static final int ELEMENT = 2;

        @Override
        public RClass rclass() {
            return RClass.LOGICAL;
        }

        @Override
        public long size() {
            return (long) values.length * ELEMENT;
        }

        @Override
        public void write(CodedOutputStream out) throws IOException {
            for (int value : values) {
                out.writeEnum(REXP.BOOLEANVALUE_FIELD_NUMBER, number(value));
            }
        }

        private static int number(int value) {
            if (value == RLogical.NA) {
                return RBOOLEAN.NA_VALUE;
            }
            return value == 0 ? RBOOLEAN.F_VALUE : RBOOLEAN.T_VALUE;
        }
    }

    record Strings(String[] values) implements Field {
        private static final int IS_NA = CodedOutputStream.computeBoolSize(STRING.ISNA_FIELD_NUMBER, true);

        @Override
        public RClass rclass() {
            return RClass.STRING;
        }

        private static int length(String value) {
            return IS_NA + (value == null ? 0 : CodedOutputStream.computeStringSize(STRING.STRVAL_FIELD_NUMBER, value));
        }

        @Override
        public long size() {
            long size = 0;
            for (String value : values) {
                size += delimited(REXP.STRINGVALUE_FIELD_NUMBER, length(value));
            }
            return size;
        }

        @Override
        public void write(CodedOutputStream out) throws IOException {
            for (String value : values) {
                begin(out, REXP.STRINGVALUE_FIELD_NUMBER, length(value));
                if (value != null) {
                    out.writeString(STRING.STRVAL_FIELD_NUMBER, value);
                }
                out.writeBool(STRING.ISNA_FIELD_NUMBER, value == null);
            }
        }
    }

    record Raws(byte[] values) implements Field {
        @Override
        public RClass rclass() {
            return RClass.RAW;
        }

        @Override
        public long size() {
            return delimited(REXP.RAWVALUE_FIELD_NUMBER, values.length);
        }

        @Override
        public void write(CodedOutputStream out) throws IOException {
            out.writeByteArray(REXP.RAWVALUE_FIELD_NUMBER, values);
        }
    }

    record Complexes(double[] values) implements Field {
        private static final int ELEMENT = CodedOutputStream.computeDoubleSize(CMPLX.REAL_FIELD_NUMBER, 0)
                + CodedOutputStream.computeDoubleSize(CMPLX.IMAG_FIELD_NUMBER, 0);

        @Override
        public RClass rclass() {
            return RClass.COMPLEX;
        }

        @Override
        public long size() {
            return values.length / 2 * delimited(REXP.COMPLEXVALUE_FIELD_NUMBER, ELEMENT);
        }

        @Override
        public void write(CodedOutputStream out) throws IOException {
            for (int i = 0; i < values.length; i += 2) {
                begin(out, REXP.COMPLEXVALUE_FIELD_NUMBER, ELEMENT);
                out.writeDouble(CMPLX.REAL_FIELD_NUMBER, values[i]);
                out.writeDouble(CMPLX.IMAG_FIELD_NUMBER, values[i + 1]);
            }
        }
    }
}
