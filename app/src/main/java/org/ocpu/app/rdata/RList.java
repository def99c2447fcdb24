package org.ocpu.app.rdata;

import java.util.List;
import java.util.Objects;

/** A list (R's "generic vector"), data frames among them. */
public record RList(List<RValue> values, Attributes attributes) implements RVector {
    public RList {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(attributes, "attributes");
    }

    @Override
    public int length() {
        return values.size();
    }

    @Override
    public RList withAttributes(Attributes other) {
        return new RList(values, other);
    }
}
