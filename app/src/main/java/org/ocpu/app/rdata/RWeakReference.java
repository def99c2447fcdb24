package org.ocpu.app.rdata;

/** A weak reference, of which R serializes neither key nor value. */
public final class RWeakReference implements RShared {
    private Attributes attributes = Attributes.NONE;

    /** One whose attributes follow: they may refer to it. */
    RWeakReference() {}

    void fill(Attributes itsAttributes) {
        this.attributes = itsAttributes;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }
}
