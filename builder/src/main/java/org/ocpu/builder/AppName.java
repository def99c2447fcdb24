package org.ocpu.builder;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The owner and repository that an app is named by, as GitHub spells them and allows them.
 *
 * <p>INVARIANT: both are single, harmless path segments, so that {@link #under} never leaves its root.
 */
record AppName(String owner, String repo) {
    // an underscore only occurs in the names of accounts that a company manages
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,38}");
    private static final Pattern REPO = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    AppName {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("not the name of an owner on GitHub: " + Text.line(owner, 100));
        }
        if (!REPO.matcher(repo).matches()
                || repo.matches("\\.{1,2}")
                || lower(repo).endsWith(".git")) {
            throw new IllegalArgumentException("not the name of a repository on GitHub: " + Text.line(repo, 100));
        }
    }

    /** The app's directory under a root; lower case because GitHub's names do not differ by case alone. */
    Path under(Path root) {
        return root.resolve(lower(owner)).resolve(lower(repo));
    }

    /** What two pushes to the same app have in common. */
    String key() {
        return lower(owner) + "/" + lower(repo);
    }

    @Override
    public String toString() {
        return owner + "/" + repo;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
