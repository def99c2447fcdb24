package org.ocpu.app.rexp;

import java.util.Arrays;

/** Doubles that arrive one by one. */
final class Doubles {
    private static final int FIRST = 16;

    /** Room for more than this is made only when as much has arrived. */
    private static final int TRUSTED = 1 << 14;

    private static final double[] NONE = {};

    private double[] values = NONE;
    private int count;
    private long expected;

    /** Announces that so many more will come, which saves memory if it is true. */
    void expect(int more) {
        expected = (long) count + more;
    }

    void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, room());
        }
        values[count++] = value;
    }

    private int room() {
        int doubled = (int) Math.min(Math.max(FIRST, 2L * count), Integer.MAX_VALUE - 8);
        boolean near = expected > count && expected <= Math.max(TRUSTED, doubled);
        return near ? (int) expected : doubled;
    }

    double[] toArray() {
        return count == values.length ? values : Arrays.copyOf(values, count);
    }
}
