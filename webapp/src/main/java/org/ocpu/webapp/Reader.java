package org.ocpu.webapp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One who may use what is not for everybody: a user with a password ({@code basic USER:HASH}), or whoever has a token
 * ({@code bearer HASH}).
 */
record Reader(Optional<String> user, SecretHash secret) {
    private static final Pattern ENTRY = Pattern.compile("(?:basic +)?([^\\s:,\"]{1,100}):(\\S+)|bearer +(\\S+)");

    /** @throws IllegalArgumentException which repeats no secret */
    static Reader parse(String entry) {
        Matcher parts = ENTRY.matcher(entry.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("an entry is neither basic USER:HASH nor bearer HASH");
        }
        return parts.group(3) == null
                ? new Reader(Optional.of(parts.group(1)), SecretHash.parse(parts.group(2)))
                : new Reader(Optional.empty(), SecretHash.parse(parts.group(3)));
    }
}
