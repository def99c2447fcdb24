package org.ocpu.app.table;

import java.util.ArrayList;
import java.util.List;
import org.ocpu.app.rdata.Attributes;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RList;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

/** R values that tests make tables of. */
final class Frames {
    private Frames() {}

    /** A data frame of names and columns in turn; it has as many rows as the first. */
    static RList frame(Object... namesAndColumns) {
        List<String> names = new ArrayList<>();
        List<RValue> columns = new ArrayList<>();
        for (int i = 0; i < namesAndColumns.length; i += 2) {
            names.add((String) namesAndColumns[i]);
            columns.add((RValue) namesAndColumns[i + 1]);
        }
        return frame(names, columns, columns.isEmpty() ? 0 : rows(columns.get(0)));
    }

    static RList frame(List<String> names, List<RValue> columns, int rows) {
        Attributes attributes = Attributes.of("names", RString.of(names.toArray(new String[0])))
                .with("class", RString.of("data.frame"))
                .with("row.names", RInteger.of(RInteger.NA, -rows));
        return new RList(columns, attributes);
    }

    private static int rows(RValue column) {
        return Attributed.isDataFrame(column) ? Table.of((RList) column).rows() : ((RVector) column).length();
    }

    static RVector classed(RVector vector, String... classes) {
        return with(vector, "class", RString.of(classes));
    }

    static RVector with(RVector vector, String attribute, RValue value) {
        return vector.withAttributes(vector.attributes().with(attribute, value));
    }

    static RVector factor(int[] codes, String... levels) {
        return classed(with(RInteger.of(codes), "levels", RString.of(levels)), "factor");
    }
}
