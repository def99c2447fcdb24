package org.ocpu.app.table;

import java.util.ArrayList;
import java.util.List;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

/** A data frame as columns of equal length; its row names are dropped, as R's arrow does. */
record Table(List<Column> columns, int rows) {
    /** About what one slice needs when it is written, unless a single row needs more. */
    private static final long SLICE_BYTES = 32L << 20;

    Table {
        columns = List.copyOf(columns);
        for (Column column : columns) {
            if (column.values().size() != rows) {
                throw new NotTabularException("Column '" + column.name() + "' has "
                        + column.values().size() + " values, the data frame has " + rows + " rows.");
            }
        }
    }

    /** Rows from {@code from} until before {@code to}. */
    record Slice(int from, int to) {
        int rows() {
            return to - from;
        }
    }

    /** Reads a data frame, or throws for {@code format} if it is none or has a column of a type that tables cannot have. */
    static Table of(RValue value, String format) {
        if (!Attributed.isDataFrame(value)) {
            throw new NotTabularException(format + " needs a data frame; this is " + Description.of(value) + ".");
        }
        return of((RList) value);
    }

    static Table of(RList frame) {
        List<String> names = ColumnNames.of(frame);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(VectorColumn.of(names.get(i), frame.values().get(i)));
        }
        return new Table(columns, rows(frame));
    }

    private static int rows(RList frame) {
        RValue names = frame.attributes().get("row.names").orElse(RNull.INSTANCE);
        if (names instanceof RInteger numbers && isCompact(numbers.values())) {
            return Math.abs(numbers.values()[1]);
        }
        return names instanceof RVector vector ? vector.length() : 0;
    }

    /** R's short form of automatic row names: NA and the number of rows, negative when they are automatic. */
    private static boolean isCompact(int[] names) {
        return names.length == 2 && names[0] == RInteger.NA;
    }

    /** All rows in order, in slices that bound the memory that writing one takes. */
    List<Slice> slices(int maxRows) {
        List<Slice> slices = new ArrayList<>();
        for (int from = 0; from < rows; from = slices.get(slices.size() - 1).to()) {
            slices.add(slice(from, Math.min(maxRows, rows - from)));
        }
        return slices;
    }

    private Slice slice(int from, int length) {
        int fitting = length;
        while (fitting > 1 && bytes(from, from + fitting) > SLICE_BYTES) {
            fitting /= 2;
        }
        return new Slice(from, from + fitting);
    }

    private long bytes(int from, int to) {
        return columns.stream()
                .mapToLong(column -> column.values().bytes(from, to))
                .sum();
    }
}
