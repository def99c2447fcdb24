package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BuildNewsTest {
    private static final String COMMIT = Deliveries.COMMIT;
    private static final String OTHER = "f".repeat(40);
    private static final Instant QUEUED = Instant.parse("2025-03-04T05:06:07Z");
    private static final Outgoing.Patience QUICK = patience(Duration.ofMillis(10), Duration.ofSeconds(20));
    private static final Outgoing.Patience SLOW = patience(Duration.ofHours(1), Duration.ofSeconds(20));

    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();
    private final Lines lines = new Lines();
    private FakeGitHub github;
    private NotifyReceiver receiver;
    private Database database;
    private BuildNews news;

    @BeforeEach
    void open() throws IOException {
        github = new FakeGitHub().repository("Alice/Stocks").repository("Bob/Bonds");
        receiver = new NotifyReceiver();
        database = Database.open(directory, 4);
        settings.put("github.api", github.api().toString());
        settings.put("github.token.alice", FakeGitHub.TOKEN);
        settings.put("public.url", "https://apps.example.org");
        lines.listen();
    }

    @AfterEach
    void close() {
        if (news != null) {
            news.close();
        }
        database.close();
        receiver.close();
        github.close();
        lines.stop();
    }

    @Test
    void showsOnTheCommitHowItsBuildGoes() throws Exception {
        start(QUICK);
        tell(build(State.QUEUED));
        assertEquals(status("pending", "queued"), github.next());
        tell(build(State.RUNNING));
        assertEquals(status("pending", "building"), github.next());
        tell(build(State.SUCCEEDED));
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        awaitEmpty();
    }

    @Test
    void showsWhyABuildDidNotComeToItsEnd() throws Exception {
        start(QUICK);
        tell(failed("no package called\n  ‘nonesuch’"));
        assertEquals(status("failure", "install: no package called ‘nonesuch’"), github.next());
        tell(build(State.SUPERSEDED));
        assertEquals(status("error", "superseded by #9"), github.next());
        tell(build(State.CANCELLED));
        assertEquals(status("error", "cancelled"), github.next());
        tell(failed("x".repeat(500)));
        String description = github.next().description();
        assertTrue(description.length() == 140 && description.endsWith("x…"), description);
    }

    @Test
    void keepsPackagesAndPreviewsOfACommitApart() throws Exception {
        start(QUICK);
        assertEquals("ocpu/prices", contextOf("Alice/Stocks/prices"));
        assertEquals("ocpu/preview", contextOf("Alice/Stocks@pr-7"));
        assertEquals("ocpu/prices/preview", contextOf("Alice/Stocks/prices@pr-7"));
    }

    @Test
    void setsNoStatusWithoutAToken() throws Exception {
        start(QUICK);
        tell(build(new AppName("Bob", "Bonds"), COMMIT, State.QUEUED));
        tell(build(State.QUEUED));
        github.next();
        assertEquals(1, github.requests().size(), github.requests()::toString);
        assertEquals(List.of(), lines.all());
    }

    @Test
    void triesAgainWhenGitHubHasTrouble() throws Exception {
        start(QUICK);
        github.fail(1, 500);
        github.fail(1, 408);
        github.fail(1, 599);
        tell(build(State.SUCCEEDED));
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        assertEquals(4, github.requests().size());
        awaitEmpty();
    }

    @Test
    void sendsAfterARestartWhatItCouldNotSendBefore() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        receiver.behave(NotifyReceiver.Behaviour.HANGS);
        github.hang();
        start(QUICK);
        tell(build(State.SUCCEEDED));
        receiver.next();
        receiver.behave(NotifyReceiver.Behaviour.TAKES);
        reopen(QUICK);
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        assertEquals("succeeded", receiver.next().json().at("/build/state").asText());
        awaitEmpty();
    }

    @Test
    void neverLetsAnOlderStateOvertakeANewerOne() throws Exception {
        github.fail(1, 500);
        start(SLOW);
        tell(build(State.QUEUED));
        lines.await("is sent again in PT1H", "answered 500");
        tell(build(State.RUNNING));
        assertEquals(status("pending", "building"), github.next());
        tell(build(State.SUCCEEDED));
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        awaitEmpty();
        assertEquals(3, github.requests().size(), "the state that was queued is not sent a second time");
    }

    @Test
    void waitsForTheAnswerAboutAnOlderStateBeforeItSendsTheNewer() throws Exception {
        settings.put("github.token", FakeGitHub.TOKEN);
        github.hang();
        start(SLOW);
        tell(build(State.QUEUED));
        github.awaitHanging();
        tell(build(State.SUCCEEDED));
        tell(build(new AppName("Bob", "Bonds"), COMMIT, State.QUEUED));
        assertEquals("Bob/Bonds", github.next().repository(), "another commit does not wait");
        github.letGo();
        assertEquals(status("pending", "queued"), github.next());
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        awaitEmpty();
    }

    @Test
    void dropsWhatGitHubRefuses() throws Exception {
        settings.put("github.token", "wrong");
        start(SLOW);
        tell(build(new AppName("Bob", "Bonds"), COMMIT, State.QUEUED));
        lines.await("the commit status of bob/bonds " + COMMIT + " ocpu is dropped", "answered 401: Bad credentials");
        tell(build(new AppName("Alice", "Nothing"), COMMIT, State.QUEUED));
        lines.await("is dropped", "answered 404: Not Found");
        awaitEmpty();
    }

    @Test
    void keepsTheTokenToItselfEvenWhenGitHubRepeatsIt() throws Exception {
        github.fail(1, 500, Map.of(), "you sent Bearer " + FakeGitHub.TOKEN);
        github.fail(1, 400, Map.of(), "you sent Bearer " + FakeGitHub.TOKEN);
        start(SLOW);
        tell(build(State.QUEUED));
        lines.await("is sent again", "you sent Bearer [token]");
        assertFalse(rows().toString().contains(FakeGitHub.TOKEN), rows()::toString);
        tell(build(State.RUNNING));
        lines.await("is dropped", "you sent Bearer [token]");
        assertFalse(lines.all().toString().contains(FakeGitHub.TOKEN), () -> lines.all()
                .toString());
    }

    @Test
    void leavesGitHubAloneForAsLongAsItAsks() throws Exception {
        settings.put("github.token.bob", FakeGitHub.TOKEN);
        github.fail(1, 403, Map.of("Retry-After", "1800"), "{\"message\":\"secondary rate limit\"}");
        start(QUICK);
        tell(build(State.QUEUED));
        lines.await("is sent again in PT", "answered 403: secondary rate limit");
        tell(build(new AppName("Alice", "Stocks"), OTHER, State.QUEUED));
        tell(build(new AppName("Bob", "Bonds"), COMMIT, State.QUEUED));
        assertEquals("Bob/Bonds", github.next().repository(), "another token is not limited");
        lines.awaitSettled();
        assertEquals(2, github.requests().size(), github.requests()::toString);
        Instant earliest = Instant.now().plusSeconds(1_700);
        assertEquals(2, rows().size());
        rows().forEach(row -> assertTrue(next(row).isAfter(earliest), row::toString));
    }

    @Test
    void stopsBeforeGitHubRefusesWhenTheLastRequestIsUsedUp() throws Exception {
        Instant reset = Instant.now().plusSeconds(900);
        github.fail(
                1,
                201,
                Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", Long.toString(reset.getEpochSecond())),
                "{}");
        start(QUICK);
        tell(build(State.QUEUED));
        awaitEmpty();
        tell(build(State.RUNNING));
        assertEquals(reset.getEpochSecond(), next(rows().get(0)).getEpochSecond());
        assertEquals(1, github.requests().size());
    }

    @Test
    void givesUpWhenAPostIsOfNoUseAnyMore() throws Exception {
        github.fail(1, 503, Map.of("Retry-After", "999999"), "later");
        github.fail(1, 503, Map.of("Retry-After", "3600"), "later");
        start(QUICK);
        tell(build(State.QUEUED));
        lines.await("is dropped", "given up after attempt 1: answered 503: later");
        reopen(QUICK);
        tell(build(State.RUNNING));
        lines.await("is sent again in", "answered 503: later");
        news.close();
        database.jdbi()
                .useHandle(handle -> handle.execute("update outgoing set next_at = ?, expires_at = ?", QUEUED, QUEUED));
        news = news(QUICK);
        lines.await("is dropped", "it is too old");
        awaitEmpty();
        assertEquals(2, github.requests().size());
    }

    @Test
    void followsARepositoryToItsNewNameButNoOneElse() throws Exception {
        github.rename("Alice/Stocks", "Alice/Shares");
        start(QUICK);
        tell(build(State.QUEUED));
        assertEquals("Alice/Shares", github.next().repository());
        github.fail(1, 307, Map.of("Location", receiver.url().toString()), "");
        tell(build(State.RUNNING));
        lines.await("is dropped", "answered 307", "a redirect to another address");
        awaitEmpty();
    }

    @Test
    void sendsNoTokenToAnApiThatIsNotTheServersAnyMore() throws Exception {
        github.fail(1, 500);
        start(SLOW);
        tell(build(State.QUEUED));
        lines.await("is sent again");
        news.close();
        database.jdbi().useHandle(handle -> handle.execute("update outgoing set next_at = ?", QUEUED));
        settings.put("github.api", receiver.url().toString());
        news = news(SLOW);
        lines.await("is dropped", "the settings do not allow it any more");
        assertEquals(1, github.requests().size());
    }

    @Test
    void notifiesOfAFinishedBuildWithASignatureTheReceiverCanCheck() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        settings.put("notify.secret", "sesame");
        start(QUICK);
        tell(build(State.QUEUED));
        tell(build(State.RUNNING));
        tell(build(State.SUCCEEDED));
        NotifyReceiver.Received received = receiver.next();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("sesame".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertArrayEquals(
                mac.doFinal(received.body()),
                HexFormat.of()
                        .parseHex(received.headers().get("x-hub-signature-256").replaceFirst("^sha256=", "")));
        assertEquals("application/json", received.headers().get("content-type"));
        assertEquals("build", received.headers().get("x-ocpu-event"));
        assertEquals("build", received.json().path("event").asText());
        JsonNode build = received.json().path("build");
        assertEquals(7, build.path("id").asInt());
        assertEquals(
                List.of(
                        "Alice/Stocks",
                        "Alice",
                        "Stocks",
                        COMMIT,
                        "refs/heads/main",
                        "succeeded",
                        "stocks",
                        "1.2.3",
                        "2025-03-04T05:06:07Z",
                        "2025-03-04T05:06:08Z",
                        "2025-03-04T05:06:10Z",
                        "https://apps.example.org/builds/7",
                        "https://apps.example.org/ocpu/apps/Alice/Stocks/www/"),
                texts(build, "app owner repo commit ref state package version queuedAt startedAt finishedAt url live"));
        assertFalse(build.has("failure"), build::toString);
    }

    @Test
    void notifiesOfAFailureUnsignedWhenThereIsNoSecret() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        start(QUICK);
        tell(failed("two\nlines"));
        NotifyReceiver.Received received = receiver.next();
        assertFalse(received.headers().containsKey("x-hub-signature-256"));
        JsonNode build = received.json().path("build");
        assertEquals(List.of("failed", "install", "two\nlines"), texts(build, "state stage failure"));
        assertFalse(build.has("live"), build::toString);
    }

    @Test
    void givesARepeatedNotificationTheSameNumber() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        start(QUICK);
        receiver.behave(NotifyReceiver.Behaviour.HANGS);
        tell(build(State.SUCCEEDED));
        String first = receiver.next().headers().get("x-ocpu-delivery");
        receiver.behave(NotifyReceiver.Behaviour.TAKES);
        reopen(QUICK);
        assertEquals(first, receiver.next().headers().get("x-ocpu-delivery"));
        awaitEmpty();
        tell(build(8, new AppName("Alice", "Stocks"), COMMIT, State.SUCCEEDED));
        assertNotEquals(first, receiver.next().headers().get("x-ocpu-delivery"));
    }

    @Test
    void isNotHeldUpByAReceiverThatHangs() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        receiver.behave(NotifyReceiver.Behaviour.HANGS);
        start(QUICK);
        for (int id = 10; id < 30; id++) {
            tell(build(id, new AppName("Bob", "Bonds"), COMMIT, State.SUCCEEDED));
        }
        receiver.next();
        receiver.next();
        tell(build(State.SUCCEEDED));
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        long before = System.nanoTime();
        news.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 10, "closing takes seconds");
        assertEquals(21, rows().size(), "all wait for the next start");
    }

    @Test
    void hangsUpOnAReceiverThatDoesNotFinishItsAnswer() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        receiver.behave(NotifyReceiver.Behaviour.STALLS);
        start(patience(Duration.ofMillis(10), Duration.ofMillis(500)));
        tell(build(State.SUCCEEDED));
        lines.await("the notification of https://apps.example.org/builds/7", "is sent again", "no answer in time");
        receiver.behave(NotifyReceiver.Behaviour.TALKS);
        awaitEmpty();
    }

    @Test
    void doesNotNotifyElsewhereThanItIsToldTo() throws Exception {
        settings.put("notify.url", receiver.url().toString());
        receiver.behave(NotifyReceiver.Behaviour.REDIRECTS);
        start(QUICK);
        tell(build(State.SUCCEEDED));
        lines.await("is dropped", "a redirect to another address");
        receiver.next();
        receiver.behave(NotifyReceiver.Behaviour.HANGS);
        tell(build(State.SUCCEEDED));
        receiver.next();
        settings.put("notify.url", receiver.url() + "/new");
        receiver.behave(NotifyReceiver.Behaviour.TAKES);
        reopen(QUICK);
        lines.await("is dropped", "the settings do not allow it any more");
        awaitEmpty();
    }

    @Test
    void triesAgainWhenNobodyListens() throws Exception {
        settings.put("notify.url", "http://127.0.0.1:1/");
        start(SLOW);
        tell(build(State.SUCCEEDED));
        lines.await("the notification of", "is sent again in PT1H", "no answer: java.net.ConnectException");
    }

    @Test
    void dropsWhatHttpCannotCarry() throws Exception {
        settings.put("notify.url", "http://no_host/");
        settings.put("github.token.alice", "not\u0001HeaderText");
        start(SLOW);
        tell(build(State.SUCCEEDED));
        lines.await("the commit status of", "is dropped: HTTP has no such address or no such token");
        lines.await("the notification of", "is dropped: HTTP has no such address or no such token");
        assertFalse(
                lines.all().toString().contains("HeaderText"), () -> lines.all().toString());
    }

    @Test
    void tellsNothingOfAChangeThatIsTakenBack() throws Exception {
        start(QUICK);
        database.jdbi().useHandle(handle -> {
            handle.begin();
            news.tell(handle, build(State.SUCCEEDED));
            handle.rollback();
            handle.useTransaction(again -> news.tell(again, build(State.RUNNING)));
        });
        assertEquals(status("pending", "building"), github.next());
        awaitEmpty();
        assertEquals(1, github.requests().size());
    }

    @Test
    void doesNotFailABuildThatItCannotTellOf() throws Exception {
        settings.put("notify.url", receiver.url() + "/" + "x".repeat(3_000));
        start(QUICK);
        tell(build(State.SUCCEEDED));
        assertEquals(status("success", "live: stocks 1.2.3"), github.next());
        lines.await("NOTIFICATION: not told that build 7 is SUCCEEDED");
    }

    private static Outgoing.Patience patience(Duration pause, Duration answer) {
        return new Outgoing.Patience(pause, pause, answer, Duration.ofMillis(200));
    }

    private void tell(Build build) {
        database.jdbi().useTransaction(handle -> news.tell(handle, build));
    }

    private void start(Outgoing.Patience patience) {
        news = news(patience);
    }

    private BuildNews news(Outgoing.Patience patience) {
        BuilderConfig config = BuilderConfig.from(settings);
        URI site = config.reports().site();
        return BuildNews.open(
                config.reports(),
                database.jdbi(),
                new GitHubApi(config.github()),
                (app, description) -> URI.create(site + "/ocpu/apps/" + app + "/www/"),
                patience);
    }

    /** Restarts the server. */
    private void reopen(Outgoing.Patience patience) {
        news.close();
        database.close();
        database = Database.open(directory, 4);
        news = news(patience);
    }

    private String contextOf(String app) throws InterruptedException {
        tell(build(AppName.parse(app), COMMIT, State.QUEUED));
        return github.next().context();
    }

    private static FakeGitHub.Status status(String state, String description) {
        return new FakeGitHub.Status(
                "Alice/Stocks", COMMIT, state, "ocpu", description, "https://apps.example.org/builds/7");
    }

    private static Build build(State state) {
        return build(new AppName("Alice", "Stocks"), COMMIT, state);
    }

    private static Build build(AppName app, String commit, State state) {
        return build(7, app, commit, state);
    }

    private static Build failed(String reason) {
        return build(
                7,
                push(new AppName("Alice", "Stocks"), COMMIT),
                State.FAILED,
                Optional.of(new Build.Failure(Stage.INSTALL, reason)));
    }

    private static Build build(long id, AppName app, String commit, State state) {
        return build(id, push(app, commit), state, Optional.empty());
    }

    private static Build build(long id, Push push, State state, Optional<Build.Failure> failure) {
        return new Build(
                id,
                push,
                state,
                new Build.Times(
                        QUEUED,
                        Optional.of(QUEUED.plusSeconds(1)).filter(begun -> state != State.QUEUED),
                        Optional.of(QUEUED.plusSeconds(3)).filter(ended -> state.finished())),
                1,
                false,
                state == State.SUPERSEDED ? OptionalLong.of(9) : OptionalLong.empty(),
                OptionalLong.empty(),
                failure,
                state == State.SUCCEEDED
                        ? Optional.of(new Description("stocks", "1.2.3", "Stocks", ""))
                        : Optional.empty(),
                Optional.empty(),
                "",
                List.of());
    }

    private static Push push(AppName app, String commit) {
        return new Push(
                app,
                "",
                "refs/heads/main",
                commit,
                Optional.empty(),
                false,
                Optional.empty(),
                new Person("pat", Optional.empty()),
                Optional.empty(),
                List.of(),
                true,
                Push.Wishes.NONE);
    }

    private static List<String> texts(JsonNode json, String names) {
        return Stream.of(names.split(" ")).map(name -> json.path(name).asText()).toList();
    }

    private List<Map<String, Object>> rows() {
        return database.jdbi()
                .withHandle(handle ->
                        handle.createQuery("select * from outgoing").mapToMap().list());
    }

    private static Instant next(Map<String, Object> row) {
        return ((OffsetDateTime) row.get("next_at")).toInstant();
    }

    /** Waits until all is sent or dropped. */
    private void awaitEmpty() throws InterruptedException {
        while (!rows().isEmpty()) {
            lines.awaitSettled();
        }
    }

    /** What an admin reads in the log. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final BlockingQueue<String> settled = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> fresh = new LinkedBlockingQueue<>();
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final Logger logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("org.ocpu.builder");

        void listen() {
            start();
            logger.addAppender(this);
            logger.setLevel(Level.DEBUG);
        }

        @Override
        public void stop() {
            logger.detachAppender(this);
            logger.setLevel(null);
            super.stop();
        }

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (line.endsWith("has been sent") || line.contains("is dropped")) {
                settled.add(line);
            }
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                all.add(line);
                fresh.add(line);
            }
        }

        List<String> all() {
            return List.copyOf(all);
        }

        /** Waits until one more post is sent or dropped. */
        void awaitSettled() throws InterruptedException {
            assertTrue(settled.poll(20, TimeUnit.SECONDS) != null, () -> "nothing is sent: " + all);
        }

        /** Waits for a line with all these parts. */
        void await(String... parts) throws InterruptedException {
            String line = fresh.poll(20, TimeUnit.SECONDS);
            while (line != null && !Stream.of(parts).allMatch(line::contains)) {
                line = fresh.poll(20, TimeUnit.SECONDS);
            }
            assertTrue(line != null, () -> "no line with " + String.join(" and ", parts) + " in " + all);
        }
    }
}
