package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static void assertRefused(String part, Map<String, String> settings) {
        String message = assertThrows(IllegalArgumentException.class, () -> AccessConfig.from(settings))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-2", "often", "", "0", "31536000"})
    void browsersAreToldOfHttpsAloneForSecondsAndWithACertificateOnly(String value) {
        assertRefused("tls.hsts", Map.of("tls.hsts", value));
    }

    @Test
    void withACertificateTheServersAddressBeginsWithHttps() {
        assertRefused("tls.certificate", Map.of("tls.certificate", "/no/such/file", "tls.key", "/no/such/file"));
        assertRefused(
                "public.url begins with https:",
                Map.of("tls.certificate", "/no/such/file", "public.url", "http://example.org"));
        assertRefused("tls.key is not set", Map.of("tls.certificate", "pom.xml"));
        assertRefused("tls.certificate is not set", Map.of("tls.key", "pom.xml"));
    }
}
