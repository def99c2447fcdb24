package org.ocpu.app.rexp;

import java.util.OptionalInt;
import org.ocpu.app.rdata.Attribute;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RValue;

/** The row names of a data frame, which R keeps as {@code c(NA, n)} or {@code c(NA, -n)} when they are 1 to n. */
final class RowNames {
    static final String NAME = "row.names";

    private RowNames() {}

    /** How many there are, if the attribute is row names in R's short form. */
    static OptionalInt count(Attribute attribute) {
        if (attribute.name().equals(NAME)
                && attribute.value() instanceof RInteger names
                && names.length() == 2
                && names.values()[0] == RInteger.NA) {
            return OptionalInt.of(Math.abs(names.values()[1]));
        }
        return OptionalInt.empty();
    }

    /** The short form of row names if {@code attr<-} gives them one, which it does not for less than three. */
    static RValue shortened(RValue names) {
        return names instanceof RInteger integers && integers.length() > 2 && isFromOne(integers.values())
                ? RInteger.of(RInteger.NA, integers.length())
                : names;
    }

    private static boolean isFromOne(int[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] != i + 1) {
                return false;
            }
        }
        return true;
    }
}
