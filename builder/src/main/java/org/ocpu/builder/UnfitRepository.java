package org.ocpu.builder;

/** A repository holds what is not taken: too much of it, or what leads out of it. Asking again changes nothing. */
final class UnfitRepository extends BuildFailure {
    private static final long serialVersionUID = 1L;

    UnfitRepository(String reason) {
        super(reason);
    }

    UnfitRepository(String reason, Throwable cause) {
        super(reason, cause);
    }
}
