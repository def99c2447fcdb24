package org.ocpu.builder;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which builds to list, newest first.
 *
 * @param owner of whose apps, in any case; absent: of everyone's
 * @param app of which app only
 * @param state in which state only
 * @param before with a lower number than this: the last of the page before
 * @param limit at most so many
 */
public record BuildQuery(
        Optional<String> owner, Optional<AppName> app, Optional<State> state, OptionalLong before, int limit) {
    /** The newest builds of all apps. */
    public static BuildQuery newest(int limit) {
        return new BuildQuery(Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty(), limit);
    }
}
