package org.ocpu.app.table;

import java.util.Arrays;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RRaw;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;

/** Reads a vector of R as a column, with the type that R's arrow package infers for it. */
final class VectorColumn {
    private VectorColumn() {}

    /** Reads a column, or throws with its name when there is no type for it. */
    static Column of(String name, RValue value) {
        if (value.attributes().get("dim").isPresent()) {
            throw unsupported(name, value);
        } else if (value instanceof RInteger integers && Attributed.inherits(value, "factor")) {
            return new Column(name, new ArrowType.Utf8(), factor(name, integers));
        } else if (TimeColumn.isTime(value)) {
            return TimeColumn.of(name, value);
        } else if (value instanceof RList list) {
            return list(name, list);
        }
        return plain(name, value);
    }

    private static Column plain(String name, RValue value) {
        if (value instanceof RLogical logicals) {
            return new Column(name, new ArrowType.Bool(), Values.Numbers.of(logicals.values()));
        } else if (value instanceof RInteger integers) {
            return new Column(name, new ArrowType.Int(32, true), Values.Numbers.of(integers.values()));
        } else if (value instanceof RDouble doubles) {
            return doubles(name, doubles);
        } else if (value instanceof RString strings) {
            return new Column(name, new ArrowType.Utf8(), new Values.Texts(strings.values()));
        } else if (value instanceof RRaw raw) {
            return new Column(name, new ArrowType.Int(8, false), bytes(raw.values()));
        }
        throw unsupported(name, value);
    }

    private static Column doubles(String name, RDouble doubles) {
        if (Attributed.inherits(doubles, "integer64")) {
            return new Column(name, new ArrowType.Int(64, true), integers64(doubles.values()));
        }
        ArrowType type = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        return new Column(name, type, new Values.Reals(doubles.values()));
    }

    /** The bits of a double are the number, as in package bit64. */
    private static Values integers64(double[] values) {
        return new Values.Numbers(
                values.length,
                row -> Double.doubleToRawLongBits(values[row]) == Long.MIN_VALUE,
                row -> Double.doubleToRawLongBits(values[row]));
    }

    private static Values bytes(byte[] values) {
        return new Values.Numbers(values.length, row -> false, row -> Byte.toUnsignedLong(values[row]));
    }

    private static Values factor(String name, RInteger codes) {
        String[] levels = Attributed.strings(codes, "levels").orElse(new String[0]);
        if (Arrays.stream(codes.values()).anyMatch(code -> code != RInteger.NA && (code < 1 || code > levels.length))) {
            throw new NotTabularException("Column '" + name + "' is a factor with codes that have no level.");
        }
        return new Values.Factors(codes.values(), levels, Attributed.inherits(codes, "ordered"));
    }

    private static Column list(String name, RList list) {
        if (Attributed.isDataFrame(list)) {
            return struct(name, list);
        } else if (Attributed.inherits(list, "POSIXlt")) {
            throw new NotTabularException(
                    "Column '" + name + "' is of class 'POSIXlt'; as.POSIXct() makes it writable.");
        }
        return ListColumn.of(name, list);
    }

    private static Column struct(String name, RList frame) {
        if (frame.values().isEmpty()) {
            throw new NotTabularException("Column '" + name + "' is a data frame without columns.");
        }
        Table table = Table.of(frame);
        return new Column(name, new ArrowType.Struct(), new Values.Structs(table.rows(), table.columns()));
    }

    static NotTabularException unsupported(String name, RValue value) {
        return new NotTabularException(
                "Column '" + name + "' is " + Description.of(value) + ", which has no type in Arrow or Parquet.");
    }
}
