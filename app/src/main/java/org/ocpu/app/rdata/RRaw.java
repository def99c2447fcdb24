package org.ocpu.app.rdata;

import java.util.Arrays;
import java.util.Objects;

/** A raw vector: bytes. */
public record RRaw(byte[] values, Attributes attributes) implements RVector {
    public RRaw {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(attributes, "attributes");
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public RRaw withAttributes(Attributes other) {
        return new RRaw(values, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RRaw that && Arrays.equals(values, that.values) && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "RRaw" + Arrays.toString(values) + attributes.names();
    }
}
