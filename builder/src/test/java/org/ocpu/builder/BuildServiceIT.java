package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** Pushes to live with a real git server, real R and a real SMTP conversation. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BuildServiceIT {
    private static final AppName APP = new AppName("Alice", "Stocks");

    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

    @TempDir
    Path root;

    private GitServer github;
    private GreenMail smtp;
    private Outbox outbox;
    private BuildService builds;

    @BeforeEach
    void open() throws IOException {
        github = new GitServer(root.resolve("github"));
        smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        outbox = Outbox.open(
                data().resolve("outbox"),
                MailerConfig.from(Map.of(
                        "smtp.host",
                        "127.0.0.1",
                        "smtp.port",
                        Integer.toString(smtp.getSmtp().getPort()))),
                (id, status) -> sent.add(status.state().name().toLowerCase(Locale.ROOT)));
        builds = BuildService.open(config(Map.of()), data(), new Rscript(), outbox);
    }

    @AfterEach
    void close() {
        builds.close();
        outbox.close();
        smtp.stop();
        github.close();
    }

    @Test
    void publishesAPushAndMailsThePusherAndTheOwner() throws Exception {
        BuildView build = push(RPackage.answering("stocks", "1.0", "42"));

        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals(
                List.of("checkout", "install", "check", "publish", "report"),
                build.stages().stream().map(StageView::name).toList());
        assertTrue(build.stages().stream().allMatch(stage -> stage.state() == State.SUCCEEDED), build::toString);
        assertEquals("42", answer());
        Path app = data().resolve("apps/alice/stocks");
        assertEquals(
                "versions/" + build.id(),
                Files.readSymbolicLink(app.resolve("current")).toString());
        String about = Files.readString(app.resolve("current/app.json"));
        assertTrue(about.contains("\"owner\" : \"Alice\"") && about.contains("\"package\" : \"stocks\""), about);
        assertFalse(Files.exists(data().resolve("work/builds/" + build.id())), "its work directory is gone");

        String mail = mail();
        assertTrue(
                mail.contains("Subject: [ocpu] Alice/Stocks@" + build.commit().substring(0, 7) + " is live"), mail);
        for (String part : List.of(
                "To: pat@example.org",
                "Cc: owner@example.org",
                "http://localhost:8004/ocpu/apps/Alice/Stocks/R/",
                "Add a function (Pat Example)",
                "* DONE (stocks)",
                "R version")) {
            assertTrue(mail.contains(part), () -> part + " is not in " + mail);
        }
        assertEquals("sent", builds.build(build.id()).orElseThrow().mail());
    }

    @Test
    void keepsTheOldVersionsAndReplacesTheLiveOne() throws Exception {
        for (int i = 1; i <= 3; i++) {
            assertEquals(
                    State.SUCCEEDED,
                    push(RPackage.answering("stocks", "1." + i, "" + i)).state());
            assertEquals("" + i, answer());
        }
        builds.close();
        builds = BuildService.open(config(Map.of("versions.keep", "1")), data(), new Rscript(), outbox);
        BuildView last = push(RPackage.answering("stocks", "1.4", "4"));
        assertEquals("4", answer());
        try (Stream<Path> versions = Files.list(data().resolve("apps/alice/stocks/versions"))) {
            assertEquals(
                    List.of("" + (last.id() - 1), "" + last.id()),
                    versions.map(version -> version.getFileName().toString())
                            .sorted()
                            .toList());
        }
    }

    @Test
    void answersBeforeTheBuildAndFast() throws Exception {
        String commit = github.commit(APP, RPackage.answering("stocks", "1.0", "42"));
        builds.receive(Deliveries.signed("application/json", "{}"));
        Instant begin = Instant.now();
        WebhookAnswer answer = builds.receive(Deliveries.push(APP, commit));
        Duration time = Duration.between(begin, Instant.now());
        assertEquals(202, answer.status(), answer::toString);
        assertEquals("/builds/" + answer.body().get("build"), answer.body().get("url"));
        assertTrue(time.toMillis() < 200, time::toString);
        finished(answer);
    }

    @Test
    void failsWithoutADescriptionAtTheCheckout() throws Exception {
        failed("checkout", "the repository has no DESCRIPTION", Map.of("R/x.R", "x <- 1\n"));
    }

    @Test
    void failsWithoutAPackageNameAtTheCheckout() throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put("DESCRIPTION", "Version: 1.0\n");
        failed("checkout", "DESCRIPTION has no field Package", files);
    }

    @Test
    void failsWithRsWordsWhenCodeDoesNotParse() throws Exception {
        failed(
                "install",
                "R/answer.R:3:0: unexpected end of input",
                RPackage.with("stocks", "1.0", "f <- function() {\n x +\n"));
    }

    @Test
    void failsNamingThePackagesThatAreMissing() throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.merge("DESCRIPTION", "Imports: nosuchone, nosuchtwo\n", String::concat);
        failed("install", "dependencies ‘nosuchone’, ‘nosuchtwo’ are not available", files);
    }

    @Test
    void failsWithTheCrashWhenThePackageKillsR() throws Exception {
        failed(
                "check",
                "the package does not load",
                RPackage.with(
                        "stocks",
                        "1.0",
                        "answer <- 1\n.onLoad <- function(...) { message('so long'); tools::pskill(Sys.getpid(), 11) }\n"));
    }

    @Test
    void endsAnInstallationAtTheTimeLimitWithAllItStarted() throws Exception {
        push(RPackage.answering("stocks", "0.9", "1"));
        builds.close();
        builds = BuildService.open(config(Map.of("timelimit.webhook", "5")), data(), new Rscript(), outbox);
        failed(
                "install",
                "longer than 5 seconds (timelimit.webhook)",
                RPackage.with("stocks", "1.0", "system('sleep 98765 &')\nrepeat Sys.sleep(1)\n"));
        assertEquals(0, processes("sleep 98765"));
    }

    @Test
    void failsWhenTheCloneIsRefused() throws Exception {
        push(RPackage.answering("stocks", "0.9", "1"));
        builds.close();
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        builds = BuildService.open(
                config(Map.of("github.url", "http://127.0.0.1:" + closed)), data(), new Rscript(), outbox);
        failed(
                "checkout",
                "the clone was refused: http://127.0.0.1:" + closed,
                RPackage.answering("stocks", "1.0", "2"));
    }

    @Test
    void failsWhenTheRepositoryOrTheCommitDoesNotExist() throws Exception {
        BuildView missing = finished(builds.receive(Deliveries.push(new AppName("No", "Where"), Deliveries.COMMIT)));
        assertTrue(missing.failure().orElseThrow().contains("does not exist"), missing::toString);
        github.commit(APP, RPackage.answering("stocks", "1.0", "42"));
        BuildView gone = finished(builds.receive(Deliveries.push(APP, Deliveries.COMMIT)));
        assertTrue(gone.failure().orElseThrow().contains("is not on branch main"), gone::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void buildsThePushedCommitThoughTheBranchHasMovedOn(String allowed) throws Exception {
        String pushed = github.commit(APP, RPackage.answering("stocks", "1.0", "1"));
        github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        github.configure(APP, "uploadpack.allowAnySHA1InWant", allowed);
        github.configure(APP, "protocol.version", allowed.equals("true") ? "2" : "0");
        BuildView build = finished(builds.receive(Deliveries.push(APP, pushed)));
        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals("1", answer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-> /etc/passwd", "-> ../../../../etc/passwd", "-> ../.."})
    void refusesLinksThatLeaveTheRepository(String link) throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put("inst/www/secret", link);
        failed("checkout", "a symbolic link leaves the repository: inst/www/secret", files);
    }

    @Test
    void followsLinksInsideTheRepository() throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put("inst/www/index.html", "<h1>Stocks</h1>");
        files.put("inst/www/start.html", "-> index.html");
        BuildView build = push(files);
        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals(
                "<h1>Stocks</h1>", Files.readString(data().resolve("apps/alice/stocks/current/stocks/www/start.html")));
        assertTrue(mail().contains("http://localhost:8004/ocpu/apps/Alice/Stocks/www/"));
    }

    @Test
    void hidesTheServersDataFromTheBuild() throws Exception {
        BuildView build = push(RPackage.with(
                "stocks",
                "1.0",
                "seen <- list.files('%s')\nanswer <- function() paste(seen, collapse = ' ')\n".formatted(data())));
        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals("work", answer());
    }

    @Test
    void failsWhatDoesNotFitIntoTheQueueAndBuildsTheRest() throws Exception {
        builds.close();
        builds = BuildService.open(
                config(Map.of("builds.queue", "1", "builds.parallel", "1")), data(), new Rscript(), outbox);
        String slow = github.commit(APP, RPackage.with("stocks", "1.0", "Sys.sleep(2)\nanswer <- function() 1\n"));
        String second = github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        WebhookAnswer running = builds.receive(Deliveries.push(APP, slow));
        awaitLine(running, "* installing");
        WebhookAnswer waiting = builds.receive(Deliveries.push(APP, second));
        WebhookAnswer refused = builds.receive(Deliveries.push(new AppName("bob", "other"), second));

        assertEquals(202, refused.status());
        BuildView full = finished(refused);
        assertEquals("queue", full.failedStage().orElseThrow());
        assertTrue(full.failure().orElseThrow().contains("1 builds wait already (builds.queue)"), full::toString);
        assertTrue(Files.readString(builds.log(full.id()).orElseThrow()).contains("the queue is full"));
        assertTrue(mail().contains("the queue is full"));
        assertEquals(State.SUCCEEDED, finished(running).state());
        assertEquals(State.SUCCEEDED, finished(waiting).state());
        assertEquals("2", answer());
    }

    @Test
    void doesNotMailWhenToldNotTo() throws Exception {
        String commit = github.commit(APP, RPackage.answering("stocks", "1.0", "42"));
        BuildView build =
                finished(builds.receive(Deliveries.asking(Deliveries.push(APP, commit), Map.of("sendmail", "false"))));
        assertEquals("switched off by sendmail=false", build.mail());
        assertEquals(0, smtp.getReceivedMessages().length);
    }

    @Test
    void buildsALocalDirectoryPushedToTheServer() throws Exception {
        Path directory = root.resolve("local");
        for (Map.Entry<String, String> file :
                RPackage.answering("stocks", "1.0", "7").entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        assertEquals("7", pushed(directory));
        GitServer.git(directory, "init", "-q", "-b", "trunk");
        Files.writeString(directory.resolve("R/answer.R"), "answer <- function() 8\n");
        GitServer.git(directory, "add", "-A");
        GitServer.git(directory, "commit", "-qm", "Answer 8");
        Files.writeString(directory.resolve("R/answer.R"), "answer <- function() 9\n");
        assertEquals("8", pushed(directory));
        assertTrue(LocalRepository.push(data(), "alice", "stocks", directory)
                .details()
                .contains("not committed"));
    }

    @Test
    void runsAStoppedBuildAgainAfterTheNextStart() throws Exception {
        String commit = github.commit(APP, RPackage.with("stocks", "1.0", "Sys.sleep(3)\nanswer <- function() 1\n"));
        WebhookAnswer answer = builds.receive(Deliveries.push(APP, commit));
        awaitLine(answer, "* installing");
        builds.close();
        assertEquals(0, processes("--library=" + data()));
        builds = BuildService.open(config(Map.of()), data(), new Rscript(), outbox);
        BuildView build = finished(answer);
        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals("1", answer());
        assertTrue(Files.readString(builds.log(build.id()).orElseThrow()).contains("the server stops"));
    }

    private String pushed(Path directory) throws Exception {
        LocalPush push = LocalRepository.push(data(), "alice", "stocks", directory);
        byte[] payload = push.payload();
        BuildView build = finished(builds.receive(
                new Delivery("application/json", LocalPush.headers(payload, Deliveries.SECRET), payload, Map.of())));
        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals(push.commit(), build.commit());
        return answer();
    }

    /** A push that fails here, with this reason on the page, in the log and in the mail, and changes nothing else. */
    private void failed(String stage, String reason, Map<String, String> files) throws Exception {
        if (!Files.exists(data().resolve("apps/alice/stocks"))) {
            push(RPackage.answering("stocks", "0.9", "1"));
        }
        mail();
        BuildView build = push(files);
        assertEquals(State.FAILED, build.state(), build::toString);
        assertEquals(stage, build.failedStage().orElseThrow(), build::toString);
        assertTrue(build.failure().orElseThrow().contains(reason), build::toString);
        String log = Files.readString(builds.log(build.id()).orElseThrow());
        assertTrue(log.contains(reason), log);
        assertFalse(log.contains(data().toString()), log);
        String mail = mail();
        assertTrue(mail.contains(reason) && mail.contains("failed: " + stage), mail);
        assertTrue(mail.contains("stays live"), mail);
        assertEquals("1", answer());
    }

    private BuildView push(Map<String, String> files) throws Exception {
        return finished(builds.receive(Deliveries.push(APP, github.commit(APP, files))));
    }

    private BuildView finished(WebhookAnswer answer) throws Exception {
        assertEquals(202, answer.status(), answer::toString);
        return builds.finished((Long) answer.body().get("build")).get(2, TimeUnit.MINUTES);
    }

    private void awaitLine(WebhookAnswer answer, String part) throws Exception {
        var seen = new java.util.concurrent.CompletableFuture<Void>();
        try (LogSubscription following = builds.follow((Long) answer.body().get("build"), 0, new LogListener() {
            @Override
            public void line(long number, String text) {
                if (text.contains(part)) {
                    seen.complete(null);
                }
            }

            @Override
            public void end() {
                seen.completeExceptionally(new IllegalStateException("no line with " + part));
            }
        })) {
            seen.get(1, TimeUnit.MINUTES);
            assertTrue(following != null);
        }
    }

    /** The live app's answer. */
    private String answer() throws IOException {
        return Rscript.run("cat(getExportedValue(loadNamespace('stocks', lib.loc = '%s'), 'answer')())"
                .formatted(data().resolve("apps/alice/stocks/current")));
    }

    /** The next mail, decoded. */
    private String mail() throws Exception {
        assertEquals("sent", sent.poll(30, TimeUnit.SECONDS), "no mail came");
        MimeMessage[] mails = smtp.getReceivedMessages();
        MimeMessage last = mails[mails.length - 1];
        return GreenMailUtil.getHeaders(last) + "\n" + last.getContent();
    }

    private static long processes(String part) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(part))
                        .isPresent())
                .count();
    }

    private BuilderConfig config(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("github.url", github.url().toString(), "webhook.secret", Deliveries.SECRET));
        settings.putAll(more);
        return BuilderConfig.from(settings);
    }

    private Path data() {
        return root.resolve("data");
    }
}
