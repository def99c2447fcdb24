package org.ocpu.app;

import java.util.Optional;

/**
 * An object in an output format.
 *
 * @param mediaType for {@code Content-Type}
 * @param filename for {@code Content-Disposition: attachment}; absent for what browsers show
 */
public record Rendered(String mediaType, Optional<String> filename, byte[] body) {}
