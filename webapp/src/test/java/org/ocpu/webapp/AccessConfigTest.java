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

    private static List<String> warnings(Map<String, String> settings) {
        return AccessConfig.from(settings).warnings(WebConfig.from(settings), false);
    }

    private static Map<String, String> closedAnd(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(CLOSED);
        settings.putAll(more);
        return settings;
    }

    @Test
    void sandboxedPagesThatCannotUseTheApiAreWarnedOf() {
        List<String> warnings = warnings(Map.of("enable.cors", "false"));
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("enable.cors is false"), warnings::toString);
    }

    @Test
    void passwordsThatSandboxedPagesCannotSendAreWarnedOf() {
        List<String> warnings = warnings(CLOSED);
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("auth.apps.ada lets"), warnings::toString);
    }

    @Test
    void whereThePagesCanThereIsNoWarning() {
        assertEquals(List.of(), warnings(Map.of()));
        assertEquals(List.of(), warnings(Map.of("auth.apps", "none")));
        assertEquals(List.of(), warnings(closedAnd(Map.of("enable.cors", "false", "apps.domain", "example.org"))));
        assertEquals(List.of(), warnings(closedAnd(Map.of("enable.cors", "false", "apps.sandbox", "false"))));
    }

    private static List<String> ofProxies(String proxies, boolean network) {
        Map<String, String> settings = Map.of("trusted.proxies", proxies);
        return AccessConfig.from(settings).warnings(WebConfig.from(settings), network);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "192.0.2.1, 127.0.0.2", "127.0.0.0/8", "126.0.0.0/7", "::1", "::/0"})
    void rCodeThatCanPassForAProxyIsWarnedOf(String proxies) {
        List<String> warnings = ofProxies(proxies, true);
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("trusted.proxies"), warnings::toString);
        assertEquals(List.of(), ofProxies(proxies, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "10.0.0.0/8, 2001:db8::/32", ""})
    void rCodeThatCannotIsNoReasonForAWarning(String proxies) {
        assertEquals(List.of(), ofProxies(proxies, true));
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
