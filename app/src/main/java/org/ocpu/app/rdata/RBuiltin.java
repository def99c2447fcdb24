package org.ocpu.app.rdata;

import java.util.Objects;

/**
 * A function of R's interpreter itself.
 *
 * @param special whether it gets its arguments unevaluated, as {@code quote} does
 */
public record RBuiltin(String name, boolean special, Attributes attributes) implements RValue {
    public RBuiltin {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(attributes, "attributes");
    }
}
