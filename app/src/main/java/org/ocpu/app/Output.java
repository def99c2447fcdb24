package org.ocpu.app;

import java.util.Map;
import java.util.Optional;

/**
 * How to answer.
 *
 * @param format an output format such as {@code json}; absent for a call whose session's list is wanted
 * @param options handed to the R function that makes the format, such as {@code digits} for {@code toJSON}
 * @param fresh whether what is kept from earlier requests is not wanted
 */
public record Output(Optional<String> format, Map<String, String> options, boolean fresh) {

    public Output {
        options = Map.copyOf(options);
    }

    public static Output of(String format) {
        return new Output(Optional.of(format), Map.of(), false);
    }

    /** The same, as what is kept is told apart. */
    Output kept() {
        return new Output(format, options, false);
    }

    /** The same with another format. */
    Output in(String other) {
        return new Output(Optional.of(other), options, fresh);
    }
}
