package org.ocpu.webapp;

import java.io.IOException;

/** A client sends its body, or takes its answer, more slowly than it may. */
final class SlowClientException extends IOException {
    private static final long serialVersionUID = 1L;

    SlowClientException(String message) {
        super(message);
    }
}
