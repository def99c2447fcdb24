package org.ocpu.app.rdata;

import java.util.Arrays;
import java.util.Objects;

/**
 * A logical vector.
 *
 * @param values {@code 0}, {@code 1} or {@link #NA}
 */
public record RLogical(int[] values, Attributes attributes) implements RVector {
    public static final int NA = Integer.MIN_VALUE;

    public RLogical {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(attributes, "attributes");
    }

    /** A plain vector, without attributes. */
    public static RLogical of(int... values) {
        return new RLogical(values, Attributes.NONE);
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public RLogical withAttributes(Attributes other) {
        return new RLogical(values, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RLogical that
                && Arrays.equals(values, that.values)
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "RLogical" + Arrays.toString(values) + attributes.names();
    }
}
