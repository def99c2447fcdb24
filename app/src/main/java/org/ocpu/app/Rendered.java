package org.ocpu.app;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;

/**
 * An object in an output format.
 *
 * @param mediaType for {@code Content-Type}
 * @param filename for {@code Content-Disposition: attachment}; absent for what browsers show
 * @param body to be read once and closed
 * @param length of the body in bytes
 */
public record Rendered(String mediaType, Optional<String> filename, InputStream body, long length) {

    static Rendered of(String mediaType, Optional<String> filename, byte[] body) {
        return new Rendered(mediaType, filename, new ByteArrayInputStream(body), body.length);
    }
}
