package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes that go live. */
class BuildServiceIT extends BuildFixture {
    @Test
    void publishesAPushAndMailsThePusherAndTheOwner() throws Exception {
        BuildView build = push(RPackage.answering("stocks", "1.0", "42"));

        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals(
                List.of("checkout", "dependencies", "install", "check", "publish", "report"),
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
        reopen(Map.of("versions.keep", "1"));
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buildsThePushedCommitThoughTheBranchHasMovedOn(boolean givenOutAlone) throws Exception {
        String pushed = github.commit(APP, RPackage.answering("stocks", "1.0", "1"));
        github.commit(APP, RPackage.answering("stocks", "2.0", "2"));
        if (!givenOutAlone) {
            github.giveOutWholeBranchesOnly();
        }
        BuildView build = finished(builds.receive(Deliveries.push(APP, pushed)));
        assertEquals(State.SUCCEEDED, build.state(), build::toString);
        assertEquals("1", answer());
        String log = Files.readString(builds.log(build.id()).orElseThrow());
        assertEquals(!givenOutAlone, log.contains("fetching the branch main"), log);
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
}
