package org.ocpu.app.rdata;

/** The word that precedes each item: its type, whether attributes and a tag follow, and the levels of {@link Attributes}. */
record Flags(int bits) {
    private static final int OBJECT = 1 << 8;
    private static final int ATTRIBUTES = 1 << 9;
    private static final int TAG = 1 << 10;
    private static final int LEVELS = 12;
    private static final int REFERENCE = 8;
    static final int LARGEST_REFERENCE = Integer.MAX_VALUE >> REFERENCE;

    static Flags of(int type, Attributes attributes) {
        return new Flags(type
                | (attributes.isObject() ? OBJECT : 0)
                | (attributes.isEmpty() ? 0 : ATTRIBUTES)
                | attributes.levels() << LEVELS);
    }

    static Flags ofText(int levels) {
        return new Flags(Sexp.CHARS | levels << LEVELS);
    }

    /** A reference whose number is not above {@link #LARGEST_REFERENCE}. */
    static Flags ofReference(int number) {
        return new Flags(Sexp.REFERENCE | number << REFERENCE);
    }

    /** Attributes of an alternative representation always follow, so that no bit says so. */
    static Flags ofAltrep(Attributes attributes) {
        return new Flags(of(Sexp.ALTREP, attributes).bits() & ~ATTRIBUTES);
    }

    Flags withTag() {
        return new Flags(bits | TAG);
    }

    int type() {
        return bits & 0xff;
    }

    boolean hasAttributes() {
        return (bits & ATTRIBUTES) != 0;
    }

    boolean hasTag() {
        return (bits & TAG) != 0;
    }

    int levels() {
        return bits >>> LEVELS & 0xffff;
    }

    /** The number of a reference if it is small enough to be in this word, else 0. */
    int reference() {
        return bits >>> REFERENCE;
    }
}
