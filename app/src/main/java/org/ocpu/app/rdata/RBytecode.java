package org.ocpu.app.rdata;

import java.util.Objects;

/**
 * What R's compiler made of language. It is kept to be written back, not to be understood.
 *
 * @param repetitions one more than there are cells of calls that occur more than once among the constants
 */
public record RBytecode(int repetitions, Bytecode code, Attributes attributes) implements RValue {
    public RBytecode {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(attributes, "attributes");
    }
}
