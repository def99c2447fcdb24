package org.ocpu.builder;

import java.util.Optional;

/** What a finished build changed for its app, compared with the one before it. */
enum BuildChange {
    LIVE,
    /** Live like the build before. */
    STILL_LIVE,
    FIXED,
    FAILED,
    STILL_FAILING;

    /** @param before the newest build of the same app that ended before, in success or failure */
    static BuildChange of(Build build, Optional<Build> before) {
        boolean failedBefore = before.filter(one -> one.state() == State.FAILED).isPresent();
        if (build.failure().isPresent()) {
            return failedBefore ? STILL_FAILING : FAILED;
        }
        if (failedBefore) {
            return FIXED;
        }
        return before.isPresent() ? STILL_LIVE : LIVE;
    }

    boolean failure() {
        return this == FAILED || this == STILL_FAILING;
    }

    /** The end of a sentence that begins with the app. */
    String words(Build build) {
        String stage =
                build.failure().map(failure -> ": " + failure.stage().label()).orElse("");
        return switch (this) {
            case LIVE, STILL_LIVE -> "is live";
            case FIXED -> "fixed";
            case FAILED -> "failed" + stage;
            case STILL_FAILING -> "still failing" + stage;
        };
    }
}
