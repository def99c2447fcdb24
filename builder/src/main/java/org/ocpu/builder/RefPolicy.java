package org.ocpu.builder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
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

    /** Compares releases number by number, as R does: v1.9 is before v1.10, and 1.0 before 1.0.0. */
    static int compareReleases(String a, String b) {
        List<BigInteger> first = numbers(a);
        List<BigInteger> second = numbers(b);
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            int comparison = first.get(i).compareTo(second.get(i));
            if (comparison != 0) {
                return comparison;
            }
        }
        return Integer.compare(first.size(), second.size());
    }

    private static List<BigInteger> numbers(String release) {
        return Arrays.stream(release.replaceFirst("^[vV]", "").split("[.-]"))
                .map(BigInteger::new)
                .toList();
    }
}
