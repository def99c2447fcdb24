package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes that do not go live: each leaves the live version, and has its stage and reason on the page, in the log and in the mail. */
class FailedBuildIT extends BuildFixture {
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
        failed("dependencies", "nosuchtwo: stocks needs nosuchtwo; not on this server", files);
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
        reopen(Map.of("timelimit.webhook", "5"));
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
    @ValueSource(strings = {"-> /etc/passwd", "-> ../../../../etc/passwd", "-> ../../.."})
    void refusesLinksThatLeaveTheRepository(String link) throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put("inst/www/secret", link);
        failed("checkout", "a symbolic link leaves the repository: inst/www/secret", files);
    }

    @Test
    void refusesALinkThatAnotherOneTurnsOutward() throws Exception {
        Map<String, String> files = RPackage.answering("stocks", "1.0", "42");
        files.put("inst/a/b/A", "-> b/..");
        files.put("inst/a/b/b", "-> ../../..");
        failed("checkout", "a symbolic link leaves the repository: inst/a/b/A -> b/..", files);
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
}
