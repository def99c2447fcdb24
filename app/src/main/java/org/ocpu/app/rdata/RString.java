package org.ocpu.app.rdata;

import java.util.Arrays;
import java.util.Objects;

/**
 * A character vector, {@code null} standing for {@code NA_character_}.
 *
 * <p>Strings that R marks as "bytes", or that are not valid in their encoding, have one char for each byte. How R had encoded
 * what was read is remembered for writing it back; as for {@code identical()}, it does not matter for equality.
 */
public final class RString implements RVector {
    private final String[] values;
    private final byte[] marks;
    private final Attributes attributes;

    public RString(String[] values, Attributes attributes) {
        this(values, Text.marks(values), attributes);
    }

    RString(String[] values, byte[] marks, Attributes attributes) {
        this.values = Objects.requireNonNull(values, "values");
        this.marks = marks;
        this.attributes = Objects.requireNonNull(attributes, "attributes");
    }

    /** A plain vector, without attributes. */
    public static RString of(String... values) {
        return new RString(values, Attributes.NONE);
    }

    public String[] values() {
        return values;
    }

    Text text(int index) {
        return new Text(values[index], marks[index]);
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public RString withAttributes(Attributes other) {
        return new RString(values, marks, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RString that
                && Arrays.equals(values, that.values)
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "RString" + Arrays.toString(values) + attributes.names();
    }
}
