package org.ocpu.builder;

import java.util.Optional;
import java.util.regex.Pattern;

/** Someone a push names; the mail address is only kept when it is one that mail can be sent to. */
record Person(String name, Optional<String> email) {
    private static final Pattern NOBODY = Pattern.compile("(?i)no-?reply@.*|.*@users\\.noreply\\..*");

    /** Where mail reaches them: not the addresses GitHub, or a GitHub Enterprise server, hands out to those who want none. */
    Optional<String> reachable() {
        return email.filter(address -> !NOBODY.matcher(address).matches());
    }
}
