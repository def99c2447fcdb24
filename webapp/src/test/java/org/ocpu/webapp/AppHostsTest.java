package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the pages of apps are. */
class AppHostsTest {
    private static AppHosts hosts(String site) {
        return AccessConfig.from(Map.of("apps.domain", "example.org", "public.url", site))
                .pages()
                .hosts();
    }

    @ParameterizedTest
    @CsvSource({
        "ada, /ocpu/apps/ada/hello/www/, https://ada.example.org/hello/www/",
        "Ada, /ocpu/apps/ADA/Hello/www/a%20b.js, https://ada.example.org/Hello/www/a%20b.js",
        "ada, /ocpu/apps/ada/ocpu/www/, https://ada.example.org/ocpu/www/",
        "ada, /ocpu/library/MASS/www/, https://ada.example.org/ocpu/library/MASS/www/",
    })
    void anOwnerIsASubdomain(String owner, String path, String address) {
        assertEquals(
                Optional.of(URI.create(address)),
                hosts("https://www.example.org").page(owner, path));
    }

    @Test
    void theOwnersHostsShareSchemeAndPortOfTheServer() {
        assertEquals(
                Optional.of(URI.create("http://ada.example.org:8004/hello/www/")),
                hosts("http://localhost:8004").page("ada", "/ocpu/apps/ada/hello/www/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"under_score", "ends-", "www"})
    void anOwnerWhoseNameCannotBeAHostHasNone(String owner) {
        assertEquals(Optional.empty(), hosts("https://www.example.org").page(owner, "/ocpu/apps/x/hello/www/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example..org", "-a.org", "http://example.org", "a b", "*.example.org", "example.org:80", ""})
    void whatIsNoDomainIsRefused(String domain) {
        assertNoDomain(domain);
    }

    @Test
    void aDomainLeavesRoomForOwnersBeforeIt() {
        String longest = ("a".repeat(49) + ".").repeat(3) + "a".repeat(50);
        AppHosts hosts =
                AccessConfig.from(Map.of("apps.domain", longest)).pages().hosts();
        assertEquals(Optional.of(longest), hosts.domain());
        assertNoDomain(longest + "a");
    }

    private static void assertNoDomain(String domain) {
        Map<String, String> settings = Map.of("apps.domain", domain);
        String message = assertThrows(IllegalArgumentException.class, () -> AccessConfig.from(settings))
                .getMessage();
        assertTrue(message.contains("apps.domain"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.example.org", "//www.example.org", "https:", "mailto:ada@example.org", "https://a_b"})
    void theServersOwnAddressHasASchemeAndAHost(String site) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> hosts(site)).getMessage();
        assertTrue(message.contains("public.url") && message.contains(site), message);
    }

    @Test
    void theServersOwnHostIsNoOwnersHoweverItIsSpelt() {
        AppHosts hosts = hosts("https://Ocpu.Example.ORG");
        assertEquals(Optional.empty(), hosts.page("ocpu", "/ocpu/apps/ocpu/hello/www/"));
        assertEquals(Optional.empty(), hosts.owner("ocpu.example.org"));
        assertEquals(Optional.of("ada"), hosts.owner("ada.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"apps.sandbox", "enable.admin"})
    void aSwitchIsTrueOrFalse(String key) {
        String message = assertThrows(IllegalArgumentException.class, () -> AccessConfig.from(Map.of(key, "yes")))
                .getMessage();
        assertTrue(message.contains(key), message);
    }
}
