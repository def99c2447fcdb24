package org.ocpu.app.table;

import java.util.Objects;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * A named column of a table.
 *
 * @param type Arrow's, which Parquet's is derived from; of a factor it is that of its levels
 */
record Column(String name, ArrowType type, Values values) {
    Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(values, "values");
    }

    Column named(String other) {
        return new Column(other, type, values);
    }
}
