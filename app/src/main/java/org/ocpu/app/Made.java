package org.ocpu.app;

import java.util.List;
import java.util.Optional;

/**
 * A call's new session.
 *
 * @param entries what it holds, as paths below the session's address; empty when the call asked for a format
 * @param rendered the value or plot, when the call asked for a format
 */
public record Made(SessionKey key, List<String> entries, Optional<Rendered> rendered, CacheState cache) {

    Made from(CacheState state) {
        return new Made(key, entries, rendered.map(value -> value.from(state)), state);
    }
}
