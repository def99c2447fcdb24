package org.ocpu.app.rdata;

import java.util.List;

/**
 * An attached package, as on R's search path.
 *
 * @param spec its name there, such as {@code package:stats}
 */
public record RPackageEnvironment(List<String> spec) implements REnvironment, RShared {
    public RPackageEnvironment {
        spec = List.copyOf(spec);
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE;
    }
}
