package org.ocpu.app.table;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/** Writes a row of one column into the leaves below it, with the repetition and definition levels of Parquet's nesting. */
@FunctionalInterface
interface ParquetRow {
    /**
     * Writes one row.
     *
     * @param repetition 0 for the first value of a row of the table, 1 for a further item of a list
     * @param definition how many of the optional and repeated groups around the value are there
     */
    void write(int row, int repetition, int definition);

    /** Prepares to write {@code column}, taking its leaves from those of all columns, which come depth first. */
    static ParquetRow of(Column column, Iterator<ColumnWriter> leaves) {
        if (column.values() instanceof Values.Structs structs) {
            return struct(
                    structs.fields().stream().map(field -> of(field, leaves)).toList());
        }
        ColumnWriter leaf = leaves.next();
        return column.values() instanceof Values.Lists lists
                ? list(lists, nullable(lists.items(), leaf), leaf)
                : nullable(column, leaf);
    }

    private static ParquetRow struct(List<ParquetRow> fields) {
        return (row, repetition, definition) -> {
            for (ParquetRow field : fields) {
                field.write(row, repetition, definition + 1);
            }
        };
    }

    private static ParquetRow list(Values.Lists lists, ParquetRow items, ColumnWriter leaf) {
        int[] offsets = lists.offsets();
        return (row, repetition, definition) -> {
            if (lists.isNull(row)) {
                leaf.writeNull(repetition, definition);
            } else if (offsets[row] == offsets[row + 1]) {
                leaf.writeNull(repetition, definition + 1);
            }
            for (int item = offsets[row]; item < offsets[row + 1]; item++) {
                items.write(item, item == offsets[row] ? repetition : 1, definition + 2);
            }
        };
    }

    private static ParquetRow nullable(Column column, ColumnWriter leaf) {
        Values values = column.values();
        ParquetRow present = present(column, leaf);
        return (row, repetition, definition) -> {
            if (values.isNull(row)) {
                leaf.writeNull(repetition, definition);
            } else {
                present.write(row, repetition, definition + 1);
            }
        };
    }

    private static ParquetRow present(Column column, ColumnWriter leaf) {
        Values values = column.values();
        if (values instanceof Values.Numbers numbers) {
            return numbers(column.type(), numbers, leaf);
        } else if (values instanceof Values.Reals reals) {
            return (row, repetition, definition) -> leaf.write(reals.values()[row], repetition, definition);
        } else if (values instanceof Values.Texts texts) {
            return (row, repetition, definition) ->
                    leaf.write(Binary.fromString(texts.values()[row]), repetition, definition);
        } else if (values instanceof Values.Factors factors) {
            return factors(factors, leaf);
        }
        throw new IllegalStateException("Not a leaf: " + column);
    }

    private static ParquetRow factors(Values.Factors factors, ColumnWriter leaf) {
        Binary[] levels = Arrays.stream(factors.levels())
                .map(level -> level == null ? null : Binary.fromString(level))
                .toArray(Binary[]::new);
        return (row, repetition, definition) -> leaf.write(levels[factors.level(row)], repetition, definition);
    }

    private static ParquetRow numbers(ArrowType type, Values.Numbers numbers, ColumnWriter leaf) {
        if (type instanceof ArrowType.Bool) {
            return (row, repetition, definition) -> leaf.write(numbers.at(row) != 0, repetition, definition);
        } else if (type instanceof ArrowType.Time time && time.getUnit() == TimeUnit.SECOND) {
            return (row, repetition, definition) -> leaf.write((int) numbers.at(row) * 1000, repetition, definition);
        } else if (type instanceof ArrowType.Date
                || (type instanceof ArrowType.Int integer && integer.getBitWidth() <= Integer.SIZE)) {
            return (row, repetition, definition) -> leaf.write((int) numbers.at(row), repetition, definition);
        }
        return (row, repetition, definition) -> leaf.write(numbers.at(row), repetition, definition);
    }
}
