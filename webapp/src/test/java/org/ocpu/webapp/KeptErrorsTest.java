package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptErrorsTest {
    private static final String KEY = "x0123456789abcdef0123456789";

    private final KeptErrors errors = new KeptErrors();

    @Test
    void anErrorIsFoundByItsIdWithoutTheSessionsKey() {
        Exception cause = new IOException("/data/sessions/x012/" + KEY + "/texts.json");
        String id =
                errors.keep(new IllegalStateException("Cannot read " + KEY, cause), "GET", "/ocpu/tmp/" + KEY + "/");
        KeptErrors.KeptError found = errors.find(id).orElseThrow();
        assertFalse(found.toString().contains(KEY), found::toString);
        assertEquals("/ocpu/tmp/x0.../", found.path());
        assertEquals("java.lang.IllegalStateException", found.type());
        assertEquals("Cannot read x0...", found.message());
        assertTrue(
                found.trace().contains("Caused by: java.io.IOException: /data/sessions/x012/x0.../texts.json"),
                found::trace);
        assertTrue(found.trace().contains("\tat org.ocpu.webapp.KeptErrorsTest."), found::trace);
    }

    @Test
    void theNewestAreKept() {
        String first = errors.keep(new IllegalStateException("0"), "GET", "/");
        for (int i = 1; i <= KeptErrors.MOST; i++) {
            errors.keep(new IllegalStateException("" + i), "GET", "/");
        }
        assertEquals(KeptErrors.MOST, errors.newestFirst().size());
        assertEquals("" + KeptErrors.MOST, errors.newestFirst().get(0).message());
        assertEquals(Optional.empty(), errors.find(first));
    }

    @Test
    void aLongTraceIsCutAndAnErrorMayHaveNoMessage() {
        String id = errors.keep(new IllegalStateException("a".repeat(1_000_000)), "GET", "/");
        assertTrue(errors.find(id).orElseThrow().trace().length() < 100_000);
        String silent = errors.keep(new IllegalStateException(), "GET", "/");
        assertEquals("null", errors.find(silent).orElseThrow().message());
    }
}
