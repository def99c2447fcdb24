package org.ocpu.app.rdata;

import java.util.List;

/** A reference that the hook given to {@code serialize()} made; only the hook given to {@code unserialize()} knows its value. */
public record RPersistent(List<String> names) implements RShared {
    public RPersistent {
        names = List.copyOf(names);
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }
}
