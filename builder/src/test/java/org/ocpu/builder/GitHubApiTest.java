package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class GitHubApiTest {
    private Duration patience = Duration.ofSeconds(20);
    private final Watch watch = new Watch();
    private FakeGitHub github;
    private GitHubApi api;

    @BeforeEach
    void open() throws IOException {
        github = new FakeGitHub();
        api = api(github.api(), FakeGitHub.TOKEN);
    }

    @AfterEach
    void close() {
        github.close();
    }

    @Test
    void findsTheAddressAUserShows() {
        github.user("alice", "\"alice@example.org\"");
        assertEquals(Optional.of("alice@example.org"), api.publicEmail("alice"));
    }

    @Test
    void findsNothingForThoseWhoShowNoneOrNoAddress() {
        github.user("bob", "null");
        github.user("eve", "\"eve@example.org\\nBcc: all@example.org\"");
        assertEquals(Optional.empty(), api.publicEmail("bob"));
        assertEquals(Optional.empty(), api.publicEmail("eve"));
        assertEquals(Optional.empty(), api.publicEmail("nobody"));
    }

    @Test
    void asksNothingAboutWhatIsNoLogin() {
        assertEquals(Optional.empty(), api.publicEmail("../repos/alice"));
        assertEquals(Optional.empty(), api.publicEmail("dependabot[bot]"));
        assertEquals(Optional.empty(), api.publicEmail(""));
        assertEquals(0, github.requests().size());
    }

    @Test
    void remembersForAnHourWhomItHasAskedAbout() {
        github.user("alice", "\"alice@example.org\"");
        api.publicEmail("alice");
        api.publicEmail("nobody");
        watch.pass(Duration.ofMinutes(59));
        assertEquals(Optional.of("alice@example.org"), api.publicEmail("Alice"));
        assertEquals(Optional.empty(), api.publicEmail("nobody"));
        assertEquals(2, github.requests().size());
        github.user("alice", "\"a@example.org\"");
        watch.pass(Duration.ofMinutes(2));
        assertEquals(Optional.of("a@example.org"), api.publicEmail("alice"));
    }

    @Test
    void goesOnWithoutAnAddressWhenGitHubHasTrouble() {
        github.user("alice", "\"alice@example.org\"");
        github.fail(1, 502);
        assertEquals(Optional.empty(), api.publicEmail("alice"));
        watch.pass(Duration.ofMinutes(2));
        assertEquals(Optional.of("alice@example.org"), api.publicEmail("alice"));
        assertEquals(Optional.empty(), api(github.api(), "not\u0001HeaderText").publicEmail("alice"));
        assertEquals(Optional.empty(), api(URI.create("http://no_host"), "any").publicEmail("alice"));
        assertEquals(Optional.empty(), api(github.api(), "wrong").publicEmail("alice"));
        assertEquals(
                Optional.empty(), api(URI.create("http://127.0.0.1:1"), "any").publicEmail("alice"));
    }

    @Test
    void waitsForAnAnswerOnlySoLong() {
        github.hang();
        patience = Duration.ofMillis(200);
        assertEquals(Optional.empty(), api(github.api(), FakeGitHub.TOKEN).publicEmail("alice"));
    }

    @Test
    void asksNobodyWhileGitHubLimitsRequests() {
        github.user("bob", "\"bob@example.org\"");
        github.fail(1, 429, Map.of("Retry-After", "600"), "");
        api.publicEmail("alice");
        assertEquals(Optional.empty(), api.publicEmail("bob"));
        assertEquals(1, github.requests().size());
        watch.pass(Duration.ofMinutes(11));
        assertEquals(Optional.of("bob@example.org"), api.publicEmail("bob"));
    }

    @Test
    void understandsALimitAsADateOrAsNothing() {
        github.user("bob", "\"bob@example.org\"");
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                watch.instant().plusSeconds(600).atOffset(ZoneOffset.UTC));
        github.fail(1, 403, Map.of("Retry-After", date), "");
        api.publicEmail("alice");
        watch.pass(Duration.ofMinutes(9));
        assertEquals(Optional.empty(), api.publicEmail("bob"));
        watch.pass(Duration.ofMinutes(2));
        assertEquals(Optional.of("bob@example.org"), api.publicEmail("bob"));
        github.fail(1, 429, Map.of("Retry-After", "soon"), "");
        api.publicEmail("carol");
        watch.pass(Duration.ofSeconds(61));
        assertEquals(Optional.empty(), api.publicEmail("carol"));
        assertEquals(4, github.requests().size(), github.requests()::toString);
    }

    @Test
    void findsNothingInAnAnswerThatIsNotGitHubs() {
        github.fail(1, 200, Map.of(), "<html>Welcome to the captive portal</html>");
        assertEquals(Optional.empty(), api.publicEmail("alice"));
        github.fail(1, 200, Map.of(), " ".repeat(1_000_000) + "{\"email\":\"bob@example.org\"}");
        assertEquals(Optional.empty(), api.publicEmail("bob"), "as much as nobody reads");
    }

    @Test
    void hasNoBusinessWithOtherServers() {
        Optional<String> token = Optional.of(FakeGitHub.TOKEN);
        URI lookalike = URI.create(github.api() + "@example.org/");
        assertThrows(IllegalArgumentException.class, () -> api.request(lookalike, token));
        GitHubApi enterprise = api(URI.create("https://git.example.org/api/v3"), "any");
        URI above = URI.create("https://git.example.org/api/v3/../../login");
        assertThrows(IllegalArgumentException.class, () -> enterprise.request(above, token));
        assertEquals(
                URI.create("https://git.example.org/api/v3/users/alice"),
                enterprise
                        .request(enterprise.address("/users/alice"), token)
                        .build()
                        .uri());
    }

    private GitHubApi api(URI address, String token) {
        Map<String, String> settings = Map.of("github.api", address.toString(), "github.token", token);
        return new GitHubApi(BuilderConfig.from(settings).github(), watch, patience);
    }

    /** A clock that a test moves. */
    private static final class Watch extends Clock {
        private Instant now = Instant.now();

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
