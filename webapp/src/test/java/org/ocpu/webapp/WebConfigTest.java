package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ocpu.webapp.WebConfig.Api;
import org.ocpu.webapp.WebConfig.Clients;
import org.ocpu.webapp.WebConfig.MaxAge;

class WebConfigTest {
    @Test
    void defaultsAreLoopbackPort8004And25MegabytesWithEverythingEnabled() {
        WebConfig config = WebConfig.from(Map.of());
        assertEquals(
                List.of("127.0.0.1", 8004, "/ocpu", 26_214_400L, true),
                List.of(config.host(), config.port(), config.root(), config.maxBody(), config.cors()));
        assertEquals(URI.create("http://localhost:8004"), config.site());
        assertEquals(
                URI.create("http://localhost:81"),
                WebConfig.from(Map.of("port", "81")).site());
        assertEquals(Set.of(true), Set.copyOf(config.enabled().values()));
        assertEquals(new Clients(List.of(), 0, 0), config.clients());
        assertEquals("max-age=86400, public", config.cacheControl(MaxAge.LIB));
        assertEquals("no-cache", config.cacheControl(MaxAge.APPS));
        assertEquals("max-age=60, public", config.cacheControl(MaxAge.GIST));
        assertEquals("max-age=86400, public", config.cacheControl(MaxAge.TMP));
        assertEquals("max-age=300, public", config.cacheControl(MaxAge.POST));
    }

    @Test
    void everyKeyIsRead() {
        Map<String, String> settings = Map.ofEntries(
                Map.entry("host", "0.0.0.0"),
                Map.entry("port", "80"),
                Map.entry("root.path", "/r/api"),
                Map.entry("public.url", "https://r.example.org/"),
                Map.entry("body.max", "1000"),
                Map.entry("enable.cors", "false"),
                Map.entry("trusted.proxies", "192.0.2.1, 10.0.0.0/8"),
                Map.entry("rate.limit", "6"),
                Map.entry("rate.burst", "7"),
                Map.entry("enable.api.library", "false"),
                Map.entry("enable.api.apps", "true"),
                Map.entry("enable.api.user", "false"),
                Map.entry("enable.api.cran", "false"),
                Map.entry("enable.api.bioc", "true"),
                Map.entry("enable.api.gist", "false"),
                Map.entry("enable.api.repo", "false"),
                Map.entry("enable.api.tmp", "true"),
                Map.entry("httpcache.lib", "1"),
                Map.entry("httpcache.apps", "2"),
                Map.entry("httpcache.gist", "4"),
                Map.entry("httpcache.tmp", "3"),
                Map.entry("httpcache.post", "5"));
        assertEquals(settings.keySet(), Set.copyOf(WebConfig.keys()));
        assertEquals(
                new WebConfig(
                        "0.0.0.0",
                        80,
                        "/r/api",
                        URI.create("https://r.example.org"),
                        1000,
                        Map.of(
                                Api.LIBRARY,
                                false,
                                Api.APPS,
                                true,
                                Api.USER,
                                false,
                                Api.CRAN,
                                false,
                                Api.BIOC,
                                true,
                                Api.GIST,
                                false,
                                Api.REPO,
                                false,
                                Api.TMP,
                                true),
                        false,
                        new Clients(List.of(AddressBlock.parse("192.0.2.1"), AddressBlock.parse("10.0.0.0/8")), 6, 7),
                        Map.of(MaxAge.LIB, 1L, MaxAge.APPS, 2L, MaxAge.GIST, 4L, MaxAge.TMP, 3L, MaxAge.POST, 5L)),
                WebConfig.from(settings));
    }

    @Test
    void aBurstIsTenTimesTheRateUnlessSaidOtherwise() {
        assertEquals(
                new Clients(List.of(), 5, 50),
                WebConfig.from(Map.of("rate.limit", "5")).clients());
        assertThrows(
                IllegalArgumentException.class, () -> WebConfig.from(Map.of("rate.limit", "5", "rate.burst", "0")));
    }

    @Test
    void aBadProxyIsToldByItsPlaceAndText() {
        for (String bad : List.of(
                "10.0.0.0/33",
                "10.0.0/8",
                "::1/129",
                "1.2.3.4/",
                "1.2.3.4/x",
                "localhost",
                "",
                "1.2.3.256",
                "01.2.3.4",
                ":::1",
                "*")) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> WebConfig.from(Map.of("trusted.proxies", "127.0.0.1," + bad)))
                    .getMessage();
            assertTrue(message.startsWith("trusted.proxies, entry 2, \"" + bad + "\": "), message);
        }
    }

    @Test
    void badValuesNameTheirKey() {
        for (Map<String, String> bad : Set.of(
                Map.of("port", "x"),
                Map.of("port", "70000"),
                Map.of("port", "65536"),
                Map.of("port", "-1"),
                Map.of("port", "4294975300"),
                Map.of("port", "-4294959292"),
                Map.of("body.max", "0"),
                Map.of("host", " "),
                Map.of("root.path", "ocpu"),
                Map.of("root.path", "/"),
                Map.of("root.path", "/builds"),
                Map.of("root.path", "/api"),
                Map.of("root.path", "/syncs"),
                Map.of("root.path", "/health"),
                Map.of("trusted.proxies", "proxy.example.org"),
                Map.of("rate.limit", "-1"),
                Map.of("rate.limit", "often"),
                Map.of("rate.limit", "1000001"),
                Map.of("rate.burst", "many"),
                Map.of("public.url", "http://a b/"),
                Map.of("root.path", "/a b"),
                Map.of("enable.api.tmp", "yes"),
                Map.of("httpcache.lib", "-1"))) {
            String message = assertThrows(IllegalArgumentException.class, () -> WebConfig.from(bad))
                    .getMessage();
            assertTrue(message.contains(bad.keySet().iterator().next()), message);
        }
    }
}
