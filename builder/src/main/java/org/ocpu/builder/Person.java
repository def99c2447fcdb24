package org.ocpu.builder;

import java.util.Optional;

/** Someone a push names; the mail address is only kept when it is one that mail can be sent to. */
record Person(String name, Optional<String> email) {
    /** Where mail reaches them: not the addresses GitHub hands out to those who want none. */
    Optional<String> reachable() {
        return email.filter(address ->
                !address.endsWith("@users.noreply.github.com") && !address.equalsIgnoreCase("noreply@github.com"));
    }
}
