package org.ocpu.app;

import java.util.HashSet;
import java.util.Set;

/** Parts of a range of users, each for one engine at a time: what one has left behind is no other's. Thread-safe. */
final class UserParts {
    private final long first;
    private final int size;
    private final int count;
    private final Set<Integer> taken = new HashSet<>();
    private int last;

    /**
     * @param first the first user of all
     * @param size how many users a part has
     * @param count how many parts there are
     */
    UserParts(long first, int size, int count) {
        this.first = first;
        this.size = size;
        this.count = count;
        this.last = count - 1;
    }

    /**
     * A part that no engine has; of those, the one that was given back longest ago.
     *
     * @throws OverloadedException when there is none
     */
    synchronized UserPart take() {
        for (int i = 0; i < count; i++) {
            last = (last + 1) % count;
            if (taken.add(last)) {
                return new UserPart(first + (long) last * size, size);
            }
        }
        throw new OverloadedException("More engines run than there are users for.");
    }

    synchronized void giveBack(UserPart part) {
        taken.remove((int) ((part.first() - first) / size));
    }
}
