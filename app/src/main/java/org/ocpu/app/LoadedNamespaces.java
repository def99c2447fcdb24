package org.ocpu.app;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What an engine has loaded, as it tells in an event {@code loaded NAME:VERSION ...}, and since when it is there. Thread-safe. */
final class LoadedNamespaces {
    private final Instant since = Instant.now();
    private volatile List<String> names = List.of();

    /** @param event as it came, which a package may have forged: text for people and nothing else */
    void told(String[] event) {
        names = Arrays.stream(event)
                .skip(1)
                .map(one -> one.replaceFirst(":", " "))
                .toList();
    }

    List<String> names() {
        return names;
    }

    Instant since() {
        return since;
    }
}
