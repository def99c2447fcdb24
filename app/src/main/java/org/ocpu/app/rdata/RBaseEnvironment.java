package org.ocpu.app.rdata;

/** The environments that R starts with. */
public enum RBaseEnvironment implements REnvironment {
    GLOBAL,
    BASE,
    BASE_NAMESPACE,
    EMPTY;

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }
}
