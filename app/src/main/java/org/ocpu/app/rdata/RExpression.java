package org.ocpu.app.rdata;

import java.util.List;
import java.util.Objects;

/** An expression vector: language, as {@code parse()} gives it. */
public record RExpression(List<RValue> values, Attributes attributes) implements RVector {
    public RExpression {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(attributes, "attributes");
    }

    @Override
    public int length() {
        return values.size();
    }

    @Override
    public RExpression withAttributes(Attributes other) {
        return new RExpression(values, other);
    }
}
