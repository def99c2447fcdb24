package org.ocpu.app.rexp;

import java.util.Arrays;

/** Integers that arrive one by one. */
final class Ints {
    private static final int FIRST = 16;
    private static final int[] NONE = {};

    private int[] values = NONE;
    private int count;

    void add(int value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, (int) Math.min(Math.max(FIRST, 2L * count), Integer.MAX_VALUE - 8));
        }
        values[count++] = value;
    }

    int[] toArray() {
        return count == values.length ? values : Arrays.copyOf(values, count);
    }
}
