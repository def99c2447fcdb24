package org.ocpu.app.rdata;

import java.util.Objects;

/** A symbol: the name of something, as in code and as the name of an attribute. */
public final class RSymbol implements RShared {
    private final Text text;

    public RSymbol(String name) {
        this(Text.of(Objects.requireNonNull(name, "name")));
    }

    RSymbol(Text text) {
        this.text = text;
    }

    public String name() {
        return text.value();
    }

    Text text() {
        return text;
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RSymbol that && name().equals(that.name());
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    @Override
    public String toString() {
        return "RSymbol[" + name() + "]";
    }
}
