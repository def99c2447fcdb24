package org.ocpu.app.rdata;

import java.util.Objects;

/**
 * A function written in R.
 *
 * @param environment where it was made
 * @param formals a pairlist of arguments and their defaults, or NULL
 * @param body language, or its bytecode
 */
public record RClosure(RValue environment, RValue formals, RValue body, Attributes attributes) implements RValue {
    public RClosure {
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(formals, "formals");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(attributes, "attributes");
    }
}
