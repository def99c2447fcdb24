package org.ocpu.app.rdata;

import java.util.Arrays;
import java.util.Objects;

/**
 * A complex vector.
 *
 * @param values the real part of the first element, its imaginary part, the real part of the second, and so on
 */
public record RComplex(double[] values, Attributes attributes) implements RVector {
    public RComplex {
        Objects.requireNonNull(attributes, "attributes");
        if (values.length % 2 != 0) {
            throw new IllegalArgumentException("a complex number has two parts: " + values.length);
        }
    }

    @Override
    public int length() {
        return values.length / 2;
    }

    @Override
    public RComplex withAttributes(Attributes other) {
        return new RComplex(values, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RComplex that
                && RDouble.sameBits(values, that.values)
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "RComplex" + Arrays.toString(values) + attributes.names();
    }
}
