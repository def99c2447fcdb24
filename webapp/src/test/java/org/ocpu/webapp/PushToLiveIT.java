package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.javalin.Javalin;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jgit.http.server.GitServlet;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LocalPush;
import org.ocpu.builder.State;

/** The whole path: a git server, a signed delivery, the build, the mail, the API; again; and once broken. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PushToLiveIT {
    private static final String SECRET = "it is secret";
    private static final String CALL = "/ocpu/apps/Ada/Tiny/R/answer/json";

    @TempDir
    Path directory;

    private final GreenMail smtp = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private Javalin git;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        smtp.start();
        git = gitServer();
        server = new TestServer(
                directory.resolve("data"),
                Map.of(
                        "webhook.secret",
                        SECRET,
                        "github.url",
                        "http://127.0.0.1:" + git.port(),
                        "smtp.host",
                        "127.0.0.1",
                        "smtp.port",
                        Integer.toString(smtp.getSmtp().getPort())));
        run(directory, "git", "init", "-q", "-b", "main", "tiny");
    }

    @AfterEach
    void stop() {
        server.close();
        git.stop();
        smtp.stop();
    }

    /** JGit's own HTTP server, serving the one repository of the test. */
    private Javalin gitServer() {
        GitServlet servlet = new GitServlet();
        servlet.setRepositoryResolver((request, name) -> {
            try {
                Repository repository =
                        new FileRepository(directory.resolve("tiny/.git").toFile());
                repository.incrementOpen();
                return repository;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Javalin javalin = Javalin.create(config -> {
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.startup.showJavalinBanner = false;
            config.jetty.modifyServletContextHandler(
                    handler -> handler.addServlet(new ServletHolder(servlet), "/Ada/*"));
        });
        return javalin.start();
    }

    private static String run(Path where, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.onExit().join().exitValue(), output);
        return output;
    }

    private LocalPush commit(String code) throws IOException {
        Path work = directory.resolve("tiny");
        Files.createDirectories(work.resolve("R"));
        Files.writeString(work.resolve("DESCRIPTION"), "Package: tinypkg\nTitle: Tiny\nVersion: 1.0\nLicense: MIT\n");
        Files.writeString(work.resolve("NAMESPACE"), "exportPattern(\".\")\nimportFrom(graphics, plot)\n");
        Files.writeString(work.resolve("R/code.R"), code);
        run(work, "git", "add", "-A");
        run(
                work,
                "git",
                "-c",
                "user.name=Ada",
                "-c",
                "user.email=ada@example.org",
                "commit",
                "-q",
                "-m",
                "Change the answer");
        String id = run(work, "git", "rev-parse", "HEAD");
        LocalPush.Move move = new LocalPush.Move(Optional.empty(), false, Instant.now(), Instant.now());
        return new LocalPush("Ada", "Tiny", "main", id, move, "Change the answer", "Ada", "ada@example.org", "");
    }

    /** Delivers as GitHub does; the number of the build that the answer names. */
    private long deliver(LocalPush push) throws IOException {
        byte[] payload = push.payload();
        HttpRequest.Builder request = server.request("/ocpu/webhook")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(payload));
        LocalPush.headers(payload, SECRET).forEach(request::header);
        HttpResponse<byte[]> answer = server.send(request);
        assertEquals(202, answer.statusCode(), text(answer));
        return new ObjectMapper().readTree(answer.body()).path("build").asLong();
    }

    private BuildView finished(long build) throws Exception {
        return server.server.builds().finished(build).get(1, TimeUnit.MINUTES);
    }

    private MimeMessage mail(int number) {
        assertTrue(smtp.waitForIncomingEmail(20_000, number), "mail " + number + " did not come");
        return smtp.getReceivedMessages()[number - 1];
    }

    @Test
    void aPushIsLiveTheNextReplacesItUnderLoadAndABrokenOneChangesNothing() throws Exception {
        BuildView first = finished(deliver(commit("answer <- function() 1\ndraw <- function() plot(1:3)\n")));
        assertEquals(State.SUCCEEDED, first.state(), first.toString());
        assertEquals("[1]", text(server.form(CALL, "")));
        assertEquals("[1]", text(server.form("/ocpu/apps/ada/tiny/R/answer/json", "")), "names are case-insensitive");
        assertEquals("answer\ndraw", text(server.get("/ocpu/apps/Ada/Tiny/R/")));
        HttpResponse<byte[]> plot = server.form("/ocpu/apps/Ada/Tiny/R/draw/png", "");
        assertEquals("image/png", plot.headers().firstValue("Content-Type").orElse(""));
        MimeMessage mail = mail(1);
        assertEquals("ada@example.org", mail.getAllRecipients()[0].toString());
        String body = GreenMailUtil.getBody(mail);
        assertTrue(body.contains("/ocpu/apps/Ada/Tiny/") && body.contains("Change the answer"), body);

        List<String> answers = replaceUnderLoad();
        assertEquals("[2]", answers.get(answers.size() - 1));
        assertEquals(List.of("201 [1]", "201 [2]"), statusesSeen, "every request under load succeeded");
        mail(2);

        BuildView third = finished(deliver(commit("answer <- function( 3\n")));
        assertEquals(State.FAILED, third.state());
        assertEquals("install", third.failedStage().orElse(""));
        assertEquals("[2]", text(server.form(CALL, "")));
        assertTrue(mail(3).getSubject().toLowerCase(java.util.Locale.ROOT).contains("fail"), mail(3).getSubject());
    }

    private final List<String> statusesSeen = new ArrayList<>();

    /** Pushes a second version while 50 requests a second come in; the answers in the order they came. */
    private List<String> replaceUnderLoad() throws Exception {
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        CountDownLatch replaced = new CountDownLatch(1);
        ScheduledExecutorService load = Executors.newScheduledThreadPool(4);
        try {
            for (int client = 0; client < 4; client++) {
                var unused = load.scheduleAtFixedRate(
                        () -> {
                            HttpResponse<byte[]> answer = server.form(CALL, "");
                            answers.add(answer.statusCode() + " " + text(answer));
                            if (text(answer).equals("[2]")) {
                                replaced.countDown();
                            }
                        },
                        20L * client,
                        80,
                        TimeUnit.MILLISECONDS);
            }
            BuildView second = finished(deliver(commit("answer <- function() 2\n")));
            assertEquals(State.SUCCEEDED, second.state(), second.toString());
            assertTrue(replaced.await(30, TimeUnit.SECONDS), "the new version never answered");
        } finally {
            load.shutdown();
            assertTrue(load.awaitTermination(30, TimeUnit.SECONDS));
        }
        statusesSeen.addAll(answers.stream().distinct().sorted().toList());
        return answers.stream().map(answer -> answer.substring(4)).toList();
    }
}
