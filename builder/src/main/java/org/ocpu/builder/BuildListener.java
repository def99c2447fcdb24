package org.ocpu.builder;

/** Hears how builds change; one call at a time, each of which is to return at once. */
public interface BuildListener {
    /** How a build stands now; what it was in between is not told when it changes quickly. */
    void changed(BuildView build);

    /** Something changed that cannot be told: whoever wants to know looks at all builds again. */
    void missed();

    /** Nothing follows: the server closes. */
    void end();
}
