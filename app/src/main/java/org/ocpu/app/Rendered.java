package org.ocpu.app;

import java.util.Optional;

/**
 * An object in an output format.
 *
 * @param mediaType for {@code Content-Type}; absent for a file, whose name tells it
 * @param filename of a file, or else for {@code Content-Disposition: attachment}; absent for what browsers show
 * @param content to be closed
 */
public record Rendered(Optional<String> mediaType, Optional<String> filename, Content content, CacheState cache) {

    Rendered with(Content other) {
        return new Rendered(mediaType, filename, other, cache);
    }

    Rendered from(CacheState state) {
        return new Rendered(mediaType, filename, content, state);
    }
}
