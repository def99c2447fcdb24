package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;

/** What {@code kill -9} of the server leaves. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KillIT {
    private static final AppName APP = new AppName("alice", "stocks");

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"accepted", "[checkout]", "* installing", "[check]", "live at"})
    void aPushIsBuiltAfterTheServerWasKilledAt(String moment) throws Exception {
        try (GitServer github = new GitServer(root.resolve("github"))) {
            String commit =
                    github.commit(APP, RPackage.with("stocks", "1.0", "Sys.sleep(1)\nanswer <- function() 1\n"));
            kill(github, commit, moment);
            BuilderConfig config = BuilderConfig.from(
                    Map.of("github.url", github.url().toString(), "webhook.secret", Deliveries.SECRET));
            try (Outbox outbox = Outbox.open(data().resolve("outbox"), MailerConfig.from(Map.of()));
                    BuildService builds = BuildService.open(config, data(), new Rscript(), outbox)) {
                BuildView build = builds.finished(1).get(1, TimeUnit.MINUTES);
                assertEquals(State.SUCCEEDED, build.state(), build::toString);
                assertEquals("kept in the outbox", build.mail());
                assertEquals(List.of(), Disk.list(data().resolve("work/builds")));
                assertTrue(Files.exists(data().resolve("apps/alice/stocks/current/stocks/DESCRIPTION")));
                String log = Files.readString(builds.log(1).orElseThrow());
                assertTrue(log.contains("the server ended while this build ran") || moment.equals("accepted"), log);
                assertEquals(moment.equals("live at"), log.contains("was complete when the server ended"), log);
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingIsLostHalfOrLeftAfterAKillAtAnyMoment() throws Exception {
        Random random = new Random();
        try (GitServer github = new GitServer(root.resolve("github"))) {
            for (int kill = 1; kill <= 20; kill++) {
                String version = "1." + kill;
                String commit = github.commit(APP, RPackage.answering("stocks", version, "" + kill));
                Process server = start(github, commit);
                awaitLine(server, "accepted " + kill);
                assertFalse(
                        server.waitFor(random.nextLong(2_500), TimeUnit.MILLISECONDS), "the server ended by itself");
                List<ProcessHandle> children = processes(data() + "/work/builds");
                server.destroyForcibly().waitFor();
                for (ProcessHandle child : children) {
                    child.onExit().get(10, TimeUnit.SECONDS);
                }
                recovered(github, kill, version);
            }
        }
    }

    /** Starts a server again and sees that it finishes the build of which the one before was killed. */
    private void recovered(GitServer github, long id, String version) throws Exception {
        BuilderConfig config =
                BuilderConfig.from(Map.of("github.url", github.url().toString(), "webhook.secret", Deliveries.SECRET));
        try (Outbox outbox = Outbox.open(data().resolve("outbox"), MailerConfig.from(Map.of()));
                BuildService builds = BuildService.open(config, data(), new Rscript(), outbox)) {
            BuildView build = builds.finished(id).get(1, TimeUnit.MINUTES);
            assertEquals(State.SUCCEEDED, build.state(), build::toString);
            Path live = data().resolve("apps/alice/stocks/current");
            assertTrue(
                    Files.readString(live.resolve("stocks/DESCRIPTION")).contains("Version: " + version),
                    build::toString);
            assertEquals(
                    "" + id,
                    Rscript.run("cat(getExportedValue(loadNamespace('stocks', lib.loc = '%s'), 'answer')())"
                            .formatted(live)));
            long mails = Disk.list(data().resolve("outbox")).stream()
                    .filter(file -> file.toString().endsWith(".eml"))
                    .count();
            assertEquals(id, mails, "one mail a build");
        }
        assertEquals(List.of(), Disk.list(data().resolve("work/builds"))); // retired versions go beside the builds
        assertEquals(List.of(), processes(data() + "/work/builds"));
    }

    @Test
    void aBuildThatTheServerDoesNotSurviveIsTriedOnceMoreButNotForEver() throws Exception {
        try (GitServer github = new GitServer(root.resolve("github"))) {
            String commit =
                    github.commit(APP, RPackage.with("stocks", "1.0", "Sys.sleep(60)\nanswer <- function() 1\n"));
            kill(github, commit, "* installing");
            kill(github, commit, "runs once more from its start");
            BuilderConfig config = BuilderConfig.from(
                    Map.of("github.url", github.url().toString(), "webhook.secret", Deliveries.SECRET));
            try (Outbox outbox = Outbox.open(data().resolve("outbox"), MailerConfig.from(Map.of()));
                    BuildService builds = BuildService.open(config, data(), new Rscript(), outbox)) {
                BuildView build = builds.build(1).orElseThrow();
                assertEquals(State.FAILED, build.state(), build::toString);
                assertTrue(build.failure().orElseThrow().contains("./ocpu rebuild 1"), build::toString);
                assertEquals("kept in the outbox", build.mail());
            }
        }
    }

    @Test
    void withoutBubblewrapNothingIsLeftEither() throws Exception {
        List<String> command = new ArrayList<>(Sandbox.processGroup());
        command.addAll(List.of("sh", "-c", "sleep 45678 & sleep 45678; echo no"));
        Process child = new ProcessBuilder(command).start();
        List<ProcessHandle> all;
        do {
            all = processes("sleep 45678").stream()
                    .filter(process -> process.info().command().orElse("").endsWith("sleep"))
                    .toList();
        } while (all.size() < 2);
        assertTrue(child.toHandle().destroy());
        for (ProcessHandle process : all) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
        assertFalse(processes("sleep 45678").stream().anyMatch(ProcessHandle::isAlive));
    }

    /** Runs a server until its output has this, kills it, and sees that its R processes end with it. */
    private void kill(GitServer github, String commit, String moment) throws Exception {
        Process server = start(github, commit);
        awaitLine(server, moment);
        List<ProcessHandle> children = processes("--library=" + data());
        assertTrue(!moment.equals("* installing") || !children.isEmpty(), "no R runs that could be left");
        server.destroyForcibly().waitFor();
        for (ProcessHandle child : children) {
            child.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    private Process start(GitServer github, String commit) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        data().toString(),
                        github.url().toString(),
                        APP.owner(),
                        APP.repo(),
                        commit)
                .redirectErrorStream(true)
                .start();
    }

    private static void awaitLine(Process server, String part) throws IOException {
        BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append("\n");
            if (line.contains(part)) {
                return;
            }
        }
        throw new IllegalStateException("no " + part + " in " + seen);
    }

    private static List<ProcessHandle> processes(String part) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(part))
                        .isPresent())
                .toList();
    }

    private Path data() {
        return root.resolve("data");
    }
}
