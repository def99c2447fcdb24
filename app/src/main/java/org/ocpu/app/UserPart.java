package org.ocpu.app;

/**
 * The users of one engine: its own is the first, its workers' follow.
 *
 * @param first 0 when engines and workers have no users of their own
 * @param count how many these are
 */
record UserPart(long first, int count) {
    static final UserPart NONE = new UserPart(0, 1);

    /** Whether engines and workers have users of their own. */
    boolean exist() {
        return first != 0;
    }

    /** Whether the engine or a worker of it may be that user; 0 for none of its own. */
    boolean includes(int user) {
        return user >= first && user < first + count;
    }
}
