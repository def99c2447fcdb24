package org.ocpu.builder;

/** A server says that it has no such repository, or not for whoever asks. */
final class NoSuchRepository extends BuildFailure {
    private static final long serialVersionUID = 1L;

    NoSuchRepository(String reason, Throwable cause) {
        super(reason, cause);
    }
}
