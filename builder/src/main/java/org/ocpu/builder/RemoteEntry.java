package org.ocpu.builder;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of a DESCRIPTION's {@code Remotes}: {@code [package=][github::]owner/repo[/directory][@ref|#pull]}.
 *
 * @param directory of the package in the repository; empty for its top
 * @param ref a branch, tag or commit; empty for the default branch
 * @param name the package as far as can be told without looking
 */
record RemoteEntry(String owner, String repo, String directory, String ref, String name) {
    private static final Pattern ENTRY = Pattern.compile("(?:([A-Za-z][A-Za-z0-9.]*)=)?(?:github::)?"
            + "([A-Za-z0-9_-]+)/([A-Za-z0-9._-]+)((?:/[A-Za-z0-9._-]+)*)(?:@([^@#\\s]+)|#([0-9]{1,9}))?");

    /** The entries of a field. */
    static List<String> split(String field) {
        return Arrays.stream(field.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** @throws BuildFailure when it is not one of a repository on GitHub */
    static RemoteEntry parse(String text) {
        Matcher entry = ENTRY.matcher(text);
        if (!entry.matches() || ("/" + entry.group(4) + "/").matches(".*/\\.{1,2}/.*")) {
            throw new BuildFailure("Remotes: " + Text.line(text, 200)
                    + " is not supported, only owner/repo, owner/repo/directory and either with @ref");
        }
        String directory = entry.group(4).isEmpty() ? "" : entry.group(4).substring(1);
        String ref = entry.group(6) != null
                ? "refs/pull/" + entry.group(6) + "/head"
                : entry.group(5) == null ? "" : entry.group(5);
        String last = directory.isEmpty() ? entry.group(3) : directory.substring(directory.lastIndexOf('/') + 1);
        return new RemoteEntry(
                entry.group(2), entry.group(3), directory, ref, entry.group(1) == null ? last : entry.group(1));
    }
}
