package org.ocpu.app.rdata;

/** A pointer of C code. Its address means nothing outside its process, so only what R keeps with it is serialized. */
public final class RExternalPointer implements RShared {
    private RValue kept = RNull.INSTANCE;
    private RValue tag = RNull.INSTANCE;
    private Attributes attributes = Attributes.NONE;

    /** One whose content follows: what it holds may refer to it. */
    RExternalPointer() {}

    void fill(RValue itsKept, RValue itsTag, Attributes itsAttributes) {
        this.kept = itsKept;
        this.tag = itsTag;
        this.attributes = itsAttributes;
    }

    /** The value that it protects from garbage collection. */
    public RValue kept() {
        return kept;
    }

    public RValue tag() {
        return tag;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }
}
