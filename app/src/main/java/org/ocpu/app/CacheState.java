package org.ocpu.app;

/** Where an answer came from. */
public enum CacheState {
    /** It was kept from an earlier request. */
    HIT,
    /** It was made now, and kept if it can be. */
    MISS,
    /** It was made now because the client asked for that. */
    BYPASS
}
