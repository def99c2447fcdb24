package org.ocpu.webapp;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, in the largest unit that fits. */
record Ago(Instant now) {
    String of(Instant then) {
        Duration ago = Duration.between(then, now);
        if (ago.toSeconds() < 1) {
            return "now";
        }
        if (ago.toMinutes() < 1) {
            return ago.toSeconds() + " s ago";
        }
        if (ago.toHours() < 1) {
            return ago.toMinutes() + " min ago";
        }
        return ago.toDays() < 2 ? ago.toHours() + " h ago" : ago.toDays() + " days ago";
    }
}
