package org.ocpu.app.rdata;

/** {@code NULL}. */
public enum RNull implements RValue {
    INSTANCE;

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }

    @Override
    public String toString() {
        return "NULL";
    }
}
