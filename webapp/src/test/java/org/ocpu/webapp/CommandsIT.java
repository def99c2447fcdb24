package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.State;

/** The commands that ask a running server or change something on it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CommandsIT {
    @TempDir
    static Path directory;

    private static TestServer server;
    private static String token;
    private static long second;
    private static long failed;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of("builds.parallel", "1"));
        token = ocpu("token").succeeded().out();
        built("tiny", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        second = built("tiny", "2.0", "answer <- function() 2\n", State.SUCCEEDED);
        failed = built("broken", "1.0", "answer <- function( 3\n", State.FAILED);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long push(String repo, String version, String code) throws IOException {
        return server.push("Ada", repo, SmallPackage.write(directory.resolve(repo), version, code));
    }

    private static long built(String repo, String version, String code, State state) throws Exception {
        long build = push(repo, version, code);
        assertEquals(state, server.finished(build).state());
        return build;
    }

    private static CommandRun ocpu(String... arguments) {
        return CommandRun.of(server, arguments);
    }

    private static CommandRun asAdmin(String... arguments) {
        return CommandRun.withToken(token, server, arguments);
    }

    private static void assertFails(int code, String reason, CommandRun ended) {
        assertEquals(code, ended.code(), ended.toString());
        assertTrue(ended.err().contains(reason), "no '" + reason + "' in " + ended);
    }

    private static JsonNode json(CommandRun ended) throws IOException {
        return new ObjectMapper().readTree(ended.succeeded().out());
    }

    @Test
    void buildsAreATableOrJsonAndCanBeChosen() throws Exception {
        String table = ocpu("builds", "--owner", "ada", "-n", "300").succeeded().out();
        assertTrue(table.startsWith("BUILD  STATE"), table);
        assertTrue(table.matches("(?s).*\n" + failed + " +failed at install +Ada/broken +[0-9a-f]{7} .*"), table);
        JsonNode of = json(ocpu("builds", "--app", "Ada/tiny", "--state", "succeeded", "-n", "1", "--json"));
        assertEquals(1, of.size(), of.toString());
        assertEquals(second, of.get(0).path("build").asLong());
        assertEquals(
                "No builds.", ocpu("builds", "--owner", "nobody").succeeded().out());
    }

    @Test
    void aListComesFromAsManyPagesAsItIsOn() {
        ApiClient client = new ApiClient(server.server.address(), Optional.empty());
        assertEquals(3, client.list("/builds?limit=1", 3).size());
        assertEquals(3, client.list("/builds?limit=2", 3).size());
    }

    @Test
    void whatABuildsOptionCannotBeIsMisuse() {
        assertFails(2, "not the name of an app", ocpu("builds", "--app", "ada"));
        assertFails(2, "RUNNING", ocpu("builds", "--state", "lost"));
        assertFails(2, "-n", ocpu("builds", "-n", "0"));
        assertFails(2, "tiny", ocpu("rebuild", "tiny"));
        assertFails(2, "BUILD", ocpu("cancel"));
    }

    @Test
    void appsAreATableOrJson() throws Exception {
        String table = ocpu("apps").succeeded().out();
        assertTrue(table.startsWith("APP "), table);
        assertTrue(table.matches("(?s).*\nAda/tiny +tinypkg +2.0 +" + second + " .*"), table);
        List<Long> builds = new ArrayList<>();
        json(ocpu("apps", "--json"))
                .forEach(app -> builds.add(app.path("live").path("build").asLong()));
        assertTrue(builds.contains(second), builds::toString);
    }

    @Test
    void aRebuildIsFollowedToItsEnd() throws Exception {
        long build = built("again", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        CommandRun succeeded =
                asAdmin("rebuild", Long.toString(build), "--follow").succeeded();
        assertTrue(succeeded.out().contains("Build ") && succeeded.out().contains("  publish"), succeeded.out());
        CommandRun fails = asAdmin("rebuild", "Ada/broken", "--follow");
        assertEquals(1, fails.code(), fails.toString());
        assertTrue(fails.out().contains("install FAILED"), fails.out());
    }

    private static CommandRun pushAgain(String repo) {
        return ocpu("push", "Ada/" + repo, directory.resolve(repo).toString());
    }

    @Test
    void aPushIsADeliveryAndOneOfACommitThatIsLiveSaysSoInsteadOfItsStages() throws Exception {
        SmallPackage.commit(directory.resolve("pushed"), "1.0", "answer <- function() 1\n");
        String pushed = pushAgain("pushed").succeeded().out();
        assertTrue(pushed.contains("  publish") && pushed.contains("Live at "), pushed);
        ApiClient admin = new ApiClient(server.server.address(), Optional.of(token));
        JsonNode delivery = admin.get("/deliveries?limit=1").get(0);
        assertEquals("Ada/pushed", delivery.path("repository").asText(), delivery.toString());
        String build = delivery.at("/builds/0").asText();
        String again = pushAgain("pushed").succeeded().out();
        assertTrue(
                again.contains("Already live as build #" + build + "; ./ocpu rebuild " + build + " builds it again."),
                again);
        assertFalse(again.contains("  publish"), again);
    }

    @Test
    void aPushOfACommitThatIsNoLongerLiveSaysWhatIs() throws Exception {
        long one = server.push("Ada", "taken", SmallPackage.commit(directory.resolve("taken"), "1.0", ""));
        assertEquals(State.SUCCEEDED, server.finished(one).state());
        long two = server.push("Ada", "taken", SmallPackage.commit(directory.resolve("taken"), "2.0", ""));
        assertEquals(State.SUCCEEDED, server.finished(two).state());
        asAdmin("rollback", "Ada/taken").succeeded();
        CommandRun again = pushAgain("taken");
        assertEquals(1, again.code(), again.toString());
        assertTrue(
                again.out()
                        .contains("as build #" + two + ", but build #" + one + " is live; ./ocpu rollback Ada/taken "
                                + two),
                again.out());
    }

    @Test
    void anEmptyOutboxSaysSoAndAnUnknownMailIsNotSentAgain() {
        assertEquals("No mail was given up.", asAdmin("outbox").succeeded().out());
        assertFails(1, "No mail a/b was given up", asAdmin("outbox", "--resend", "a/b"));
        assertFails(1, "./ocpu token", ocpu("outbox"));
    }

    @Test
    void aWaitingBuildIsCancelledOnce() throws Exception {
        push("slow", "1.0", "Sys.sleep(5)\n");
        String waiting = Long.toString(push("waits", "1.0", "answer <- function() 1\n"));
        String said = asAdmin("cancel", waiting).succeeded().out();
        assertEquals("Build " + waiting + " of Ada/waits is cancelled.", said);
        CommandRun again = asAdmin("cancel", waiting);
        assertFails(1, waiting, again);
        String table = ocpu("builds", "--state", "cancelled").succeeded().out();
        assertTrue(table.contains("Ada/waits"), table);
    }

    @Test
    void anAppIsRolledBackAndRemoved() throws Exception {
        long one = built("back", "1.0", "answer <- function() 1\n", State.SUCCEEDED);
        long two = built("back", "2.0", "answer <- function() 2\n", State.SUCCEEDED);
        assertEquals(
                "Ada/back 1.0 of build " + one + " is live.",
                asAdmin("rollback", "Ada/back").succeeded().out());
        assertEquals(
                "Ada/back 2.0 of build " + two + " is live.",
                asAdmin("rollback", "Ada/back", Long.toString(two)).succeeded().out());
        assertFails(1, "999999", asAdmin("rollback", "Ada/back", "999999"));
        assertFails(2, "--yes", asAdmin("remove", "Ada/back"));
        assertTrue(ocpu("apps").out().contains("Ada/back"), "nothing is removed without a yes");
        assertEquals(
                "Ada/back is removed.",
                asAdmin("remove", "Ada/back", "--yes").succeeded().out());
        assertFalse(ocpu("apps").out().contains("Ada/back"));
        assertFails(1, "Ada/back", asAdmin("remove", "Ada/back", "--yes"));
    }

    @Test
    void withoutTheTokenACommandSaysHowToGetOneAndAnOldOneIsRefused() throws Exception {
        assertFails(1, "./ocpu token", ocpu("rebuild", Long.toString(failed)));
        String old = token;
        token = ocpu("token").succeeded().out();
        assertFails(1, "no longer", ocpu("rebuild", Long.toString(failed), "--token", old));
        asAdmin("rebuild", Long.toString(failed)).succeeded();
    }

    @Test
    void theTokenIsTakenFromTheEnvironment() throws Exception {
        ProcessBuilder rebuild = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.ocpu.webapp.Main",
                        "rebuild",
                        "Ada/broken",
                        "--url",
                        server.server.address().toString())
                .redirectErrorStream(true);
        rebuild.environment().put("OCPU_TOKEN", token);
        Process process = rebuild.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().get().exitValue(), printed);
        assertTrue(printed.startsWith("Build ") && printed.contains(" of Ada/broken: http"), printed);
    }

    @Test
    void whereNoServerOrNoSuchBuildAnswersACommandSaysSo() {
        assertFails(1, "No server answers at http://127.0.0.1:1", ocpu("builds", "--url", "http://127.0.0.1:1"));
        assertFails(1, "999999", asAdmin("cancel", "999999"));
    }
}
