package org.ocpu.webapp;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Clients of a stream of events, who are all told the same. Thread-safe. */
final class Listeners {
    private final Set<EventMailbox> all = ConcurrentHashMap.newKeySet();

    boolean any() {
        return !all.isEmpty();
    }

    /** Waits for nobody. */
    void tell(String event, Map<String, ?> data) {
        all.forEach(one -> one.put(event, data));
    }

    /** Tells this client from now on, until it is gone. */
    void add(EventMailbox client) {
        all.add(client);
        client.whenClosed(() -> all.remove(client));
    }
}
