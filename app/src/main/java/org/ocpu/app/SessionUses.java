package org.ocpu.app;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the requests that use each session. Thread-safe.
 *
 * <p>INVARIANT: while a session is being taken away, nobody uses it.
 */
final class SessionUses {
    private final Map<SessionKey, Integer> requests = new ConcurrentHashMap<>();

    /** Keeps the sessions of these keys from being taken away, as far as they are there; what is no key is left out. */
    SessionUse begin(Collection<String> keys) {
        List<SessionKey> used = keys.stream()
                .filter(SessionKey::isKey)
                .distinct()
                .map(SessionKey::new)
                .toList();
        used.forEach(key -> requests.merge(key, 1, Integer::sum));
        return new SessionUse(() -> used.forEach(this::end));
    }

    private void end(SessionKey key) {
        requests.compute(key, (used, count) -> count == null || count == 1 ? null : count - 1);
    }

    /** Runs the action, which must not take long, unless a request uses the session; whether it did. */
    boolean whileUnused(SessionKey key, Runnable action) {
        boolean[] done = new boolean[1];
        requests.compute(key, (used, count) -> {
            if (count == null) {
                action.run();
                done[0] = true;
            }
            return count;
        });
        return done[0];
    }
}
