package org.ocpu.app.rexp;

import java.util.Arrays;

/** The sizes of messages in the order in which they begin. */
final class Sizes {
    private int[] sizes = new int[16];
    private int reserved;
    private int taken;

    /** Makes place for the size of a message that begins. */
    int reserve() {
        if (reserved == sizes.length) {
            sizes = Arrays.copyOf(sizes, Math.multiplyExact(2, reserved));
        }
        return reserved++;
    }

    void set(int place, long size) {
        if (size > Integer.MAX_VALUE) {
            throw new RexpException("a value is too large for a protocol buffer message");
        }
        sizes[place] = (int) size;
    }

    /** The size of the next message. */
    int next() {
        return sizes[taken++];
    }
}
