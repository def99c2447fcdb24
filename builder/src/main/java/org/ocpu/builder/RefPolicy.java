package org.ocpu.builder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Which pushes of a repository its app follows: the webhook's parameter {@code ref}.
 *
 * @param text empty for the default branch, {@code *release} for the newest tag that is a version (as {@code
 *     remotes::install_github} calls it), or the name of a branch
 */
record RefPolicy(@JsonValue String text) {
    static final RefPolicy DEFAULT = new RefPolicy("");
    static final RefPolicy RELEASE = new RefPolicy("*release");
    private static final Pattern VERSION = Pattern.compile("[vV]?[0-9]+([.-][0-9]+)*");

    @JsonCreator
    RefPolicy {}

    /** Whether a tag is a release: a version, with or without a {@code v} before it. */
    static boolean isRelease(String tag) {
        return VERSION.matcher(tag).matches();
    }
}
