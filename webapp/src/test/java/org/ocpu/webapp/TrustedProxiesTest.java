package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.HostPort;
import org.junit.jupiter.api.Test;
import org.ocpu.webapp.TrustedProxies.Origin;

class TrustedProxiesTest {
    private static final String PROXY = "10.0.0.1";
    private static final TrustedProxies PROXIES =
            new TrustedProxies(List.of(AddressBlock.parse("10.0.0.0/8"), AddressBlock.parse("2001:db8::1")));

    /** @param headers names and values in turn */
    private static Origin origin(String peer, String... headers) {
        HttpFields.Mutable fields = HttpFields.build();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(headers[i], headers[i + 1]);
        }
        return PROXIES.origin(AddressBlock.address(peer).orElseThrow(), fields);
    }

    private static void assertClient(String client, Origin origin) {
        assertEquals(AddressBlock.address(client).orElseThrow(), origin.client());
    }

    @Test
    void whoIsNoTrustedProxyIsNotBelieved() {
        Origin origin = origin(
                "192.0.2.1",
                "X-Forwarded-For",
                "203.0.113.9",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "example.org",
                "Forwarded",
                "for=203.0.113.9;host=example.org;proto=https");
        assertClient("192.0.2.1", origin);
        assertEquals(Optional.empty(), origin.scheme());
        assertEquals(Optional.empty(), origin.host());
    }

    @Test
    void aProxyTellsTheClientTheSchemeAndTheHost() {
        Origin origin = origin(
                PROXY,
                "X-Forwarded-For",
                "203.0.113.9",
                "X-Forwarded-Proto",
                "HTTPS",
                "X-Forwarded-Host",
                "r.example.org");
        assertClient("203.0.113.9", origin);
        assertEquals(Optional.of("https"), origin.scheme());
        assertEquals(Optional.of("r.example.org"), origin.host().map(HostPort::toString));
    }

    @Test
    void whatTheClientItselfSentIsLeftOfWhatTheProxyAdds() {
        assertClient("203.0.113.9", origin(PROXY, "X-Forwarded-For", "10.9.9.9, 1.1.1.1, 203.0.113.9"));
        assertClient("203.0.113.9", origin(PROXY, "X-Forwarded-For", "1.1.1.1", "X-Forwarded-For", "203.0.113.9"));
        assertClient("203.0.113.9", origin(PROXY, "Forwarded", "for=1.1.1.1;host=evil.example, for=203.0.113.9"));
        assertClient("203.0.113.9", origin(PROXY, "X-Forwarded-For", "\", 203.0.113.9"));
        assertClient("203.0.113.9", origin(PROXY, "Forwarded", "for=\"1.1.1.1, for=203.0.113.9"));
        assertEquals(
                Optional.of("https"),
                origin(PROXY, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "http, https")
                        .scheme());
        assertEquals(
                Optional.empty(),
                origin(PROXY, "Forwarded", "for=1.1.1.1;host=evil.example, for=203.0.113.9")
                        .host());
    }

    @Test
    void trustedProxiesBehindEachOtherArePassedOver() {
        assertClient("203.0.113.9", origin(PROXY, "X-Forwarded-For", "1.1.1.1, 203.0.113.9, 2001:db8::1, 10.0.0.2"));
        Origin chain = origin(
                PROXY,
                "Forwarded",
                "for=\"[2001:db8:1::9]:4711\";proto=https;host=\"r.example.org:8443\", for=10.0.0.2;proto=http;host=inner");
        assertClient("2001:db8:1::9", chain);
        assertEquals(Optional.of("https"), chain.scheme());
        assertEquals(Optional.of("r.example.org:8443"), chain.host().map(HostPort::toString));
    }

    @Test
    void allOfThemMayBeProxies() {
        assertClient("10.0.0.3", origin(PROXY, "X-Forwarded-For", "10.0.0.3, 10.0.0.2"));
    }

    @Test
    void addressesMayHavePorts() {
        assertClient("203.0.113.9", origin(PROXY, "X-Forwarded-For", "203.0.113.9:4711"));
        assertClient("2001:db8:1::9", origin(PROXY, "X-Forwarded-For", "[2001:db8:1::9]:4711"));
        assertClient("2001:db8:1::9", origin(PROXY, "X-Forwarded-For", "2001:db8:1::9"));
    }

    @Test
    void behindAnUnknownClientNobodyIsBelieved() {
        for (String unknown : List.of("unknown", "_hidden", "1.2.3.4.5", "localhost")) {
            assertClient(PROXY, origin(PROXY, "X-Forwarded-For", "203.0.113.9, " + unknown + ","));
            assertClient(PROXY, origin(PROXY, "Forwarded", "for=203.0.113.9, for=\"" + unknown + "\""));
        }
    }

    @Test
    void aForwardedOfTheClientIsIgnoredWhereTheProxyTellsByXForwardedFor() {
        Origin origin = origin(PROXY, "X-Forwarded-For", "203.0.113.9", "Forwarded", "for=1.1.1.1;host=evil.example");
        assertClient("203.0.113.9", origin);
        assertEquals(Optional.empty(), origin.host());
    }

    @Test
    void schemesAndHostsThatMakeNoSenseAreIgnored() {
        for (String host : List.of(
                "a b",
                "a/b",
                "<script>",
                "evil.example\\@x",
                "x:y",
                "-a",
                "[::1",
                "a:123456",
                "h:0",
                "h:99999",
                "[::1]:65536",
                "[::::]",
                "[.]")) {
            assertEquals(
                    Optional.empty(),
                    origin(PROXY, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Host", host)
                            .host(),
                    host);
        }
        assertEquals(
                Optional.empty(),
                origin(PROXY, "X-Forwarded-Proto", "javascript").scheme());
    }
}
