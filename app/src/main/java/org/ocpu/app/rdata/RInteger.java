package org.ocpu.app.rdata;

import java.util.Arrays;
import java.util.Objects;

/**
 * A integer vector.
 *
 * @param values integers; {@link #NA} stands for the missing one
 */
public record RInteger(int[] values, Attributes attributes) implements RVector {
    public static final int NA = Integer.MIN_VALUE;

    public RInteger {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(attributes, "attributes");
    }

    /** A plain vector, without attributes. */
    public static RInteger of(int... values) {
        return new RInteger(values, Attributes.NONE);
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public RInteger withAttributes(Attributes other) {
        return new RInteger(values, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RInteger that
                && Arrays.equals(values, that.values)
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "RInteger" + Arrays.toString(values) + attributes.names();
    }
}
