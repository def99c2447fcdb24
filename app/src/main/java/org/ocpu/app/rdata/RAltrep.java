package org.ocpu.app.rdata;

import java.util.Objects;

/**
 * A vector in one of R's alternative representations ("ALTREP"), such as that of {@code 1:10}, within code, an environment or
 * something else that is only passed on: it is kept as R wrote it. Elsewhere vectors are plain.
 *
 * @param type a pairlist of the symbols of a class and its package, and a type number
 * @param state what the class keeps of the vector
 */
public record RAltrep(RValue type, RValue state, Attributes attributes) implements RValue {
    public RAltrep {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(attributes, "attributes");
    }
}
