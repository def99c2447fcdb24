package org.ocpu.builder;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which builds to list, newest first. Case never matters.
 *
 * @param owner of whose apps; absent: of everyone's
 * @param app of which app only
 * @param state in which state only
 * @param known what people know those builds by
 * @param before with a lower number than this: the last of the page before
 * @param limit at most so many
 */
public record BuildQuery(
        Optional<String> owner,
        Optional<AppName> app,
        Optional<State> state,
        KnownBy known,
        OptionalLong before,
        int limit) {
    /**
     * What people know a build by.
     *
     * @param author part of the name of who pushed it
     * @param branch the branch or tag, whole
     * @param text words, of which each is part of the app's name, the branch, who pushed it or the commit's message, or is how the
     *     commit's id begins, or the build's number
     */
    public record KnownBy(Optional<String> author, Optional<String> branch, Optional<String> text) {
        /** Whatever they are. */
        public static final KnownBy ANY = new KnownBy(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public BuildQuery(
            Optional<String> owner, Optional<AppName> app, Optional<State> state, OptionalLong before, int limit) {
        this(owner, app, state, KnownBy.ANY, before, limit);
    }

    /** The newest builds of all apps. */
    public static BuildQuery newest(int limit) {
        return new BuildQuery(Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty(), limit);
    }
}
