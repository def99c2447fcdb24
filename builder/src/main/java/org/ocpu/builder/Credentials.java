package org.ocpu.builder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * What opens an owner's private repositories: a token, or the file of an SSH key, or nothing. The owner's own setting comes
 * before that for all, a key before a token.
 */
record Credentials(String owner, Optional<String> token, Optional<Path> key, Optional<Path> knownHosts) {
    static final String HEADER = "Authorization";

    static Credentials of(BuilderConfig.GitHub github, String owner) {
        String name = owner.toLowerCase(Locale.ROOT);
        boolean ownToken = github.tokens().containsKey(name) && !github.keys().containsKey(name);
        Optional<Path> key = ownToken ? Optional.empty() : github.key(owner);
        return new Credentials(
                owner, key.isPresent() ? Optional.empty() : github.token(owner), key, github.knownHosts());
    }

    /** The value of the header that carries the token. */
    Optional<String> header() {
        return token.map(secret -> "Basic "
                + Base64.getEncoder().encodeToString(("x-access-token:" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    /** For people who wonder why a repository stays closed. */
    String advice() {
        if (key.isPresent()) {
            return "the SSH key this server has for " + owner + " (github.key) does not open it";
        }
        return token.isPresent()
                ? "the token this server has for " + owner + " (github.token) does not open it"
                : "for a private one this server needs a token or deploy key (github.token, github.key)";
    }

    /** Without the token, so that it can be logged. */
    @Override
    public String toString() {
        return "Credentials[owner=%s, token=%s, key=%s]".formatted(owner, token.isPresent() ? "set" : "none", key);
    }
}
