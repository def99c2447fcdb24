package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server behind a proxy that tells clients apart, and bounds how often each may ask. */
@Timeout(120)
class ClientsIT {
    private static final String PROXY = "127.0.0.2";
    private static final String STRANGER = "127.0.0.3";
    private static final String REDIRECTING = "/ocpu/library/MASS";
    private static final int MANY = 1000;

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                directory, Map.of("trusted.proxies", "192.0.2.0/24, " + PROXY, "rate.limit", "2", "rate.burst", "20"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String get(String from, String path, String... headers) {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return RawHttp.exchange(
                server, from, "GET " + path + " HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n" + lines + "\r\n");
    }

    private static boolean refusedAmongMany(String from, String path, String... headers) {
        return refusedAmongMany(() -> get(from, path, headers));
    }

    private static boolean refusedAmongMany(Supplier<String> request) {
        for (int i = 0; i < MANY; i++) {
            String answer = request.get();
            if (answer.startsWith("HTTP/1.1 429 ")) {
                assertTrue(answer.matches("(?s).*\r\nRetry-After: [1-9]\\d*\r\n.*"), answer);
                assertTrue(answer.contains("rate.limit") && answer.contains("rate.burst"), answer);
                return true;
            }
        }
        return false;
    }

    @Test
    void aTrustedProxyTellsWhatTheClientAskedFor() {
        String xForwarded = get(
                PROXY,
                REDIRECTING,
                "X-Forwarded-For: 203.0.113.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: r.example.org");
        assertTrue(xForwarded.endsWith("Redirect to https://r.example.org" + REDIRECTING + "/\n"), xForwarded);
        String forwarded =
                get(PROXY, REDIRECTING, "Forwarded: for=203.0.113.1;proto=https;host=\"r.example.org:8443\"");
        assertTrue(forwarded.endsWith("Redirect to https://r.example.org:8443" + REDIRECTING + "/\n"), forwarded);
        String schemeOnly = get(PROXY, REDIRECTING, "X-Forwarded-For: 203.0.113.1", "X-Forwarded-Proto: https");
        assertTrue(schemeOnly.endsWith("Redirect to https://inner" + REDIRECTING + "/\n"), schemeOnly);
    }

    /** Proxies tell what clients asked for: what is no host is left out, and no reason to fail. */
    @ParameterizedTest
    @ValueSource(strings = {"h:0", "h:99999", "[::::]", "[::1]:65536", "a b", "-"})
    void aProxyThatTellsOfAHostThatIsNoneIsStillAnswered(String host) {
        for (String told : List.of("X-Forwarded-Host: " + host, "Forwarded: for=203.0.113.2;host=\"" + host + "\"")) {
            String answer = get(PROXY, REDIRECTING, told);
            assertTrue(answer.endsWith("Redirect to http://inner" + REDIRECTING + "/\n"), answer);
        }
    }

    @Test
    void nobodyElseDoes() {
        String answer = get(
                STRANGER,
                REDIRECTING,
                "X-Forwarded-For: 203.0.113.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.example",
                "Forwarded: for=203.0.113.1;proto=https;host=evil.example");
        assertTrue(answer.endsWith("Redirect to http://inner" + REDIRECTING + "/\n"), answer);
        assertFalse(answer.contains("evil.example"), answer);
    }

    @Test
    void aClientThatAsksTooOftenIsToldToPauseAndOthersAreNot() {
        assertTrue(refusedAmongMany(PROXY, REDIRECTING, "X-Forwarded-For: 203.0.113.7"));
        String other = get(PROXY, REDIRECTING, "X-Forwarded-For: 203.0.113.8");
        assertTrue(other.startsWith("HTTP/1.1 302 "), other);
    }

    @Test
    void itIsRefusedBeforeAnythingIsLookedUp() {
        assertTrue(refusedAmongMany("127.0.0.6", "/api/v1/runs/999/events", "Accept: text/event-stream"));
        assertTrue(refusedAmongMany(() -> RawHttp.exchange(
                server, "127.0.0.7", "OPTIONS /ocpu/library HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n\r\n")));
    }

    @Test
    void aClientCannotPassForManyByForgingAddresses() {
        for (int i = 0; i < MANY; i++) {
            String answer = get("127.0.0.4", REDIRECTING, "X-Forwarded-For: 198.51.100." + i % 250);
            if (answer.startsWith("HTTP/1.1 429 ")) {
                return;
            }
        }
        throw new AssertionError("an untrusted X-Forwarded-For gets around rate.limit");
    }

    @Test
    void healthIsToldAsOftenAsItIsAsked() {
        assertFalse(refusedAmongMany("127.0.0.5", "/health/live"));
        assertEquals(
                "{\"status\":\"ready\"}",
                get("127.0.0.5", "/health/ready", "Accept: application/json").split("\r\n\r\n", 2)[1]);
    }
}
