package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessConfigTest {
    private static final Map<String, String> CLOSED = Map.of(
            "auth.apps.Ada", "bearer " + SecretHash.ofToken(SecretHash.token()).text());

    private static List<String> warnings(Map<String, String> settings, boolean cors) {
        return AccessConfig.from(settings).warnings(cors);
    }

    private static Map<String, String> closedAnd(String key, String value) {
        Map<String, String> settings = new HashMap<>(CLOSED);
        settings.put(key, value);
        return settings;
    }

    @Test
    void sandboxedPagesThatCannotUseTheApiAreWarnedOf() {
        List<String> warnings = warnings(Map.of(), false);
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("enable.cors is false"), warnings::toString);
    }

    @Test
    void passwordsThatSandboxedPagesCannotSendAreWarnedOf() {
        List<String> warnings = warnings(CLOSED, true);
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("auth.apps.ada lets"), warnings::toString);
    }

    @Test
    void whereThePagesCanThereIsNoWarning() {
        assertEquals(List.of(), warnings(Map.of(), true));
        assertEquals(List.of(), warnings(Map.of("auth.apps", "none"), true));
        assertEquals(List.of(), warnings(closedAnd("apps.domain", "example.org"), false));
        assertEquals(List.of(), warnings(closedAnd("apps.sandbox", "false"), false));
    }
}
