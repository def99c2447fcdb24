package org.ocpu.app.rdata;

import java.util.Objects;

/** An instance of an S4 class that extends no basic type: its slots are its attributes. */
public record RS4(Attributes attributes) implements RValue {
    public RS4 {
        Objects.requireNonNull(attributes, "attributes");
    }
}
