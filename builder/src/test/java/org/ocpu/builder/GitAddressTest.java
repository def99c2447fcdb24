package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitAddressTest {
    private static final Map<String, String> HTTPS = Map.of("github.url", "https://git.example.org");

    @ParameterizedTest
    @CsvSource({
        "https://git.example.org, https://git.example.org/alice/stocks.git",
        "http://git.example.org:8080, http://git.example.org:8080/alice/stocks.git",
        "file:///srv/git, file:///srv/git/alice/stocks.git",
    })
    void repositoriesAreBelowTheirServersAddress(String github, String expected) {
        assertEquals(expected, repository(Map.of("github.url", github)).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example.org, ssh://git@git.example.org/alice/stocks.git",
        "http://git.example.org:8080, ssh://git@git.example.org/alice/stocks.git",
        "ssh://git.example.org, ssh://git@git.example.org/alice/stocks.git",
        "ssh://me@git.example.org:2222/all, ssh://me@git.example.org:2222/all/alice/stocks.git",
        "file:///srv/git, file:///srv/git/alice/stocks.git",
    })
    void aDeployKeyMeansSsh(String github, String expected) {
        assertEquals(
                expected,
                repository(Map.of("github.url", github, "github.key", "/keys/deploy"))
                        .toString());
    }

    @Test
    void theOwnersOwnSettingComesFirst() {
        Map<String, String> settings = Map.of("github.key", "/keys/all", "github.token.alice", "t");
        assertTrue(credentials(settings, "Alice").token().isPresent());
        assertTrue(credentials(settings, "bob").key().isPresent());
        assertFalse(credentials(settings, "Alice").toString().contains("t]"));
    }

    @ParameterizedTest
    @CsvSource({
        "../lib.git, https://git.example.org/alice/lib.git",
        "../../bob/lib, https://git.example.org/bob/lib.git",
        "https://git.example.org/bob/lib, https://git.example.org/bob/lib.git",
        "https://git.example.org:443/bob/lib.git/, https://git.example.org/bob/lib.git",
        "git@git.example.org:bob/lib.git, https://git.example.org/bob/lib.git",
        "ssh://git@GIT.example.org/bob/lib.git, https://git.example.org/bob/lib.git",
    })
    void submodulesOnTheSameServerAreFetchedLikeTheRepository(String text, String expected) {
        GitAddress address = submodule(HTTPS, text);
        assertEquals(expected, address.toString());
        assertTrue(address.ours());
    }

    @ParameterizedTest
    @CsvSource({
        "https://other.example.org/bob/lib.git, https://other.example.org/bob/lib.git",
        "https://git.example.org:8443/bob/lib.git, https://git.example.org:8443/bob/lib.git",
        "https://git.example.org.evil.org/bob/lib.git, https://git.example.org.evil.org/bob/lib.git",
        "https://git.example.org@evil.org/bob/lib.git, https://evil.org/bob/lib.git",
        "https://secret:token@other.org/bob/lib.git, https://other.org/bob/lib.git",
        "git@other.example.org:bob/lib.git, ssh://git@other.example.org/bob/lib.git",
    })
    void submodulesOnOtherServersGetNoCredentials(String text, String expected) {
        GitAddress address = submodule(HTTPS, text);
        assertEquals(expected, address.toString());
        assertFalse(address.ours());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../lib.git",
                "https://git.example.org/../lib.git",
                "file:///etc",
                "/etc",
                "etc",
                "git://git.example.org/bob/lib.git",
                "ext::sh -c id",
                "-u@x",
                "",
            })
    void otherAddressesOfSubmodulesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> submodule(HTTPS, text));
    }

    @Test
    void submodulesInDirectoriesStayInTheirs() {
        Map<String, String> files = Map.of("github.url", "file:///srv/git");
        assertEquals(
                "file:///srv/git/bob/lib.git",
                submodule(files, "../../bob/lib.git").toString());
        assertEquals(
                "file:///srv/git/bob/lib.git",
                submodule(files, "file:///srv/git/bob/lib.git").toString());
        assertThrows(IllegalArgumentException.class, () -> submodule(files, "file:///srv/secret/lib.git"));
        assertThrows(IllegalArgumentException.class, () -> submodule(files, "../../../secret/lib.git"));
    }

    private static GitAddress submodule(Map<String, String> settings, String text) {
        BuilderConfig.GitHub github = BuilderConfig.from(settings).github();
        return repository(settings).submodule(text, github, Credentials.of(github, "alice"));
    }

    private static GitAddress repository(Map<String, String> settings) {
        BuilderConfig.GitHub github = BuilderConfig.from(settings).github();
        return GitAddress.of(github, Credentials.of(github, "alice"), "alice/stocks");
    }

    private static Credentials credentials(Map<String, String> settings, String owner) {
        return Credentials.of(BuilderConfig.from(settings).github(), owner);
    }
}
