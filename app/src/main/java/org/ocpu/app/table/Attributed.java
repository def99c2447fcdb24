package org.ocpu.app.table;

import java.util.Arrays;
import java.util.Optional;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;

/** What R's attributes say of a value. */
final class Attributed {
    private Attributed() {}

    /** R's {@code inherits()}, for classes that the attribute names. */
    static boolean inherits(RValue value, String name) {
        return strings(value, "class")
                .filter(names -> Arrays.asList(names).contains(name))
                .isPresent();
    }

    static boolean isDataFrame(RValue value) {
        return value instanceof RList && inherits(value, "data.frame");
    }

    /** A character attribute. */
    static Optional<String[]> strings(RValue value, String name) {
        return value.attributes().get(name).map(attribute -> attribute instanceof RString text ? text.values() : null);
    }

    /** The first string of a character attribute. */
    static Optional<String> string(RValue value, String name) {
        return strings(value, name)
                .filter(all -> all.length > 0 && all[0] != null)
                .map(all -> all[0]);
    }
}
