package org.ocpu.app.rdata;

import java.util.Arrays;
import java.util.Objects;

/**
 * A double vector. Its numbers keep all their bits, so that {@code NA}, {@code NaN} and {@code -0} stay what they are, and are
 * equal only when all bits are.
 */
public record RDouble(double[] values, Attributes attributes) implements RVector {
    /** R's {@code NA_real_}: the NaN whose low word is 1954. */
    public static final double NA = Double.longBitsToDouble(0x7ff00000_000007a2L);

    private static final int NA_LOW_WORD = 1954;

    public RDouble {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(attributes, "attributes");
    }

    /** A plain vector, without attributes. */
    public static RDouble of(double... values) {
        return new RDouble(values, Attributes.NONE);
    }

    /** Whether it is {@code NA} rather than a number or another NaN. */
    public static boolean isNa(double value) {
        return Double.isNaN(value) && (int) Double.doubleToRawLongBits(value) == NA_LOW_WORD;
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public RDouble withAttributes(Attributes other) {
        return new RDouble(values, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RDouble that && sameBits(values, that.values) && attributes.equals(that.attributes);
    }

    /** Unlike {@link Arrays#equals(double[], double[])}, tells one NaN from another. */
    static boolean sameBits(double[] one, double[] other) {
        if (one.length != other.length) {
            return false;
        }
        for (int i = 0; i < one.length; i++) {
            if (Double.doubleToRawLongBits(one[i]) != Double.doubleToRawLongBits(other[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "RDouble" + Arrays.toString(values) + attributes.names();
    }
}
