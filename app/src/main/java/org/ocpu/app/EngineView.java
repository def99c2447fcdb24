package org.ocpu.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An R process that forks workers, as it is now.
 *
 * @param id what {@link RpcService#endEngine} takes
 * @param packageName what it has loaded to answer from; {@code base} of the one that all others come from
 * @param place where that package is, such as {@code apps/ada/hello}; empty for {@code base}
 * @param since when it was started
 * @param lastUsed when a request last began to use it
 * @param running requests that use it
 * @param idle workers that wait for a request
 * @param memory bytes that it takes with its waiting workers, each shared page counted in part
 * @param loaded namespaces with their versions, {@code NAME VERSION}, as the engine tells, in the order of their names
 */
public record EngineView(
        String id,
        String packageName,
        String place,
        Instant since,
        Optional<Instant> lastUsed,
        int running,
        int idle,
        long memory,
        List<String> loaded) {
    public EngineView {
        loaded = List.copyOf(loaded);
    }
}
