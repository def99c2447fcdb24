package org.ocpu.app.rdata;

import java.util.Objects;

/**
 * An argument that is evaluated when it is needed.
 *
 * @param environment where it is to be evaluated, NULL once it is
 * @param value {@link RMarker#UNBOUND_VALUE} until it is evaluated
 */
public record RPromise(RValue environment, RValue value, RValue expression, Attributes attributes) implements RValue {
    public RPromise {
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(expression, "expression");
        Objects.requireNonNull(attributes, "attributes");
    }
}
