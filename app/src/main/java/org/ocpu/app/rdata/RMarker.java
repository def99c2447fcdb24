package org.ocpu.app.rdata;

/** What R puts where there is no value. */
public enum RMarker implements RValue {
    /** An argument without a default in formals, an empty one in a call as in {@code x[1, ]}. */
    MISSING_ARGUMENT,
    UNBOUND_VALUE;

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }
}
