package org.ocpu.app.rdata;

import java.util.Objects;

/** One named value that is attached to another. */
public record Attribute(RSymbol symbol, RValue value) {
    public Attribute {
        Objects.requireNonNull(symbol, "symbol");
        Objects.requireNonNull(value, "value");
    }

    public String name() {
        return symbol.name();
    }
}
