package org.ocpu.builder;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Words in a commit's message that ask not to build it, as GitHub's "Skipping workflow runs" lists them. */
final class SkipWords {
    private static final List<String> WORDS =
            List.of("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]");

    private SkipWords() {}

    /** Those the message has. */
    static Optional<String> in(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return WORDS.stream().filter(lower::contains).findFirst();
    }
}
