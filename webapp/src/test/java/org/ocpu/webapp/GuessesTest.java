package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Which addresses count as one. */
class GuessesTest {
    @Test
    void anIpv6NetworkIsOneAddress() {
        assertEquals(Guesses.network("2001:db8:1:2::1"), Guesses.network("2001:db8:1:2:ffff::2"));
        assertEquals(false, Guesses.network("2001:db8:1:2::1").equals(Guesses.network("2001:db8:1:3::1")));
        assertEquals(false, Guesses.network("10.0.0.1").equals(Guesses.network("10.0.0.2")));
    }
}
