package org.ocpu.app;

import java.util.List;

/**
 * All engines as they are now.
 *
 * @param engines the base engine first, then those of packages, the one that was used last at the end
 * @param memory bytes that they take with all workers, those whose requests run among them
 */
public record EnginesView(List<EngineView> engines, long memory) {
    public EnginesView {
        engines = List.copyOf(engines);
    }
}
