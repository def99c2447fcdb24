package org.ocpu.builder;

import java.util.Collection;

/** TEMP until helper git delivers. */
final class PushOrder {
    enum Order {
        OLDER,
        NEWER,
        SAME,
        UNKNOWN
    }

    private PushOrder() {}

    static Order compare(Push a, Push b, Collection<Push> known) {
        return a.commit().equals(b.commit()) && a.ref().equals(b.ref()) && known != null ? Order.SAME : Order.UNKNOWN;
    }
}
