package org.ocpu.app.table;

import java.util.BitSet;
import java.util.List;
import java.util.function.DoubleToLongFunction;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.RInteger;

/** The values of a column, by row from 0; they are read from R's vectors, not copied, wherever the types allow. */
sealed interface Values {
    int size();

    boolean isNull(int row);

    /** About how many bytes these rows need when they are written. */
    default long bytes(int from, int to) {
        return Long.BYTES * (long) (to - from);
    }

    /** Whole numbers: booleans as 0 and 1, dates and times in the unit of the column's type. */
    record Numbers(int size, IntPredicate nulls, IntToLongFunction values) implements Values {
        static Numbers of(int[] values) {
            return new Numbers(values.length, row -> values[row] == RInteger.NA, row -> values[row]);
        }

        /** Null where the double is not finite. */
        static Numbers of(double[] values, DoubleToLongFunction number) {
            return new Numbers(
                    values.length, row -> !Double.isFinite(values[row]), row -> number.applyAsLong(values[row]));
        }

        @Override
        public boolean isNull(int row) {
            return nulls.test(row);
        }

        long at(int row) {
            return values.applyAsLong(row);
        }
    }

    /** Doubles: NA is null, NaN is not. */
    record Reals(double[] values) implements Values {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean isNull(int row) {
            return RDouble.isNa(values[row]);
        }
    }

    /** Strings. */
    record Texts(String[] values) implements Values {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean isNull(int row) {
            return values[row] == null;
        }

        @Override
        public long bytes(int from, int to) {
            long bytes = Values.super.bytes(from, to);
            for (int row = from; row < to; row++) {
                bytes += values[row] == null ? 0 : values[row].length();
            }
            return bytes;
        }
    }

    /**
     * Strings of a small set.
     *
     * @param codes R's: from 1, the number of a level
     * @param levels may have a null, which makes its rows null
     */
    record Factors(int[] codes, String[] levels, boolean ordered) implements Values {
        @Override
        public int size() {
            return codes.length;
        }

        @Override
        public boolean isNull(int row) {
            return codes[row] == RInteger.NA || levels[level(row)] == null;
        }

        /** The index of a row's level, from 0. */
        int level(int row) {
            return codes[row] - 1;
        }
    }

    /**
     * Vectors of one type, end to end.
     *
     * @param offsets where each row's items start, and at last where they end
     */
    record Lists(int[] offsets, BitSet nulls, Column items) implements Values {
        @Override
        public int size() {
            return offsets.length - 1;
        }

        @Override
        public boolean isNull(int row) {
            return nulls.get(row);
        }

        @Override
        public long bytes(int from, int to) {
            return Values.super.bytes(from, to) + items.values().bytes(offsets[from], offsets[to]);
        }
    }

    /** Rows of a data frame within a data frame; none is null. */
    record Structs(int size, List<Column> fields) implements Values {
        @Override
        public boolean isNull(int row) {
            return false;
        }

        @Override
        public long bytes(int from, int to) {
            return fields.stream()
                    .mapToLong(field -> field.values().bytes(from, to))
                    .sum();
        }
    }
}
