package org.ocpu.app;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds what memory it takes to convert R's data to formats that R does not write, and back: values of anybody's making, each of
 * which is whole in the server's memory meanwhile. Thread-safe.
 */
final class Conversions {
    private static final int AT_ONCE = 2;

    /** With all that is made of it, a value takes a few times its bytes. */
    private static final long PART = 16;

    private static final Semaphore TURNS = new Semaphore(AT_ONCE, true);

    private Conversions() {}

    /** The most bytes that one value may take. */
    static long limit() {
        return Runtime.getRuntime().maxMemory() / PART;
    }

    /** What to say of a larger one. */
    static String refusal(String what) {
        return what + " takes more than " + limit() + " bytes, and the server converts no larger values (a " + PART
                + "th of its memory: -Xmx in OCPU_JAVA_OPTS).";
    }

    /** Converts one value, as soon as not too many others are being converted; none takes long. */
    static <T> T one(Supplier<T> conversion) {
        TURNS.acquireUninterruptibly();
        try {
            return conversion.get();
        } finally {
            TURNS.release();
        }
    }
}
