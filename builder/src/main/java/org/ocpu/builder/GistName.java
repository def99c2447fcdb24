package org.ocpu.builder;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whose gist it is, and which; safe as the names of directories and in an address. */
record GistName(String user, String id) {
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9-]{1,39}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{1,40}");

    GistName {
        if (!isName(user, id)) {
            throw new IllegalArgumentException("no gist's name: " + user + "/" + id);
        }
    }

    /** Empty for what no gist can be called. */
    static Optional<GistName> of(String user, String id) {
        return isName(user, id) ? Optional.of(new GistName(user, id)) : Optional.empty();
    }

    private static boolean isName(String user, String id) {
        return USER.matcher(user).matches() && ID.matcher(id).matches();
    }

    Path under(Path gists) {
        return gists.resolve(user).resolve(id);
    }

    /** {@code user/id}. */
    @Override
    public String toString() {
        return user + "/" + id;
    }
}
