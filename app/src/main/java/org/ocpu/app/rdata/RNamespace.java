package org.ocpu.app.rdata;

import java.util.List;

/**
 * The namespace of a package.
 *
 * @param spec its name and, usually, version
 */
public record RNamespace(List<String> spec) implements REnvironment, RShared {
    public RNamespace {
        spec = List.copyOf(spec);
        if (spec.isEmpty()) {
            throw new IllegalArgumentException("a namespace has a name");
        }
    }

    public String name() {
        return spec.get(0);
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }
}
