package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks by R code that is sent through the API, each of which is to fail. What counts is what it got or did, not what R says of it.
 * Of an attack that only something stops which this machine cannot have, nothing is promised: it is skipped, and named.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AttackIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static AttackTargets targets;
    private static Set<Barrier> here;

    @BeforeAll
    static void plant() throws IOException {
        AttackCode code = AttackCode.compile(directory);
        here = Barrier.here(directory, code);
        targets = new AttackTargets(directory, code);
    }

    @AfterAll
    static void remove() throws Exception {
        if (targets != null) {
            targets.close();
        }
    }

    /** A way for R code to get into the server. */
    @FunctionalInterface
    private interface Way {
        /** The value's JSON. */
        String send(AttackTargets targets, String code);
    }

    private static String answered(HttpResponse<byte[]> answer) {
        assertTrue(answer.statusCode() < 300, () -> "the attackers' worker did not answer: " + text(answer));
        return text(answer);
    }

    private static String asArgument(AttackTargets targets, String code) {
        return answered(targets.server.call("/ocpu/library/base/R/identity/json", "x", code));
    }

    private static String asFunctionOfAnApp(AttackTargets targets, String code) {
        return answered(targets.server.call("/ocpu/apps/ada/attacker/R/run/json", "code", AttackTargets.quoted(code)));
    }

    private static String asScript(AttackTargets targets, String code) {
        String script = targets.server.session(
                "writeLines(%s, 'attack.R')".formatted(AttackTargets.quoted("value <- " + code)));
        HttpResponse<byte[]> run = targets.server.call(script + "files/attack.R", new String[0]);
        answered(run);
        return answered(targets.server.get(TestClient.session(run) + "R/value/json"));
    }

    /** What each attack got, after a check that it ran. */
    private static List<String> outcomes(AttackTargets targets, Way way, List<Attack> attacks) throws IOException {
        List<String> codes = attacks.stream()
                .map(attack -> AttackTargets.quoted(attack.code()))
                .toList();
        String code = "local({\n" + targets.named() + "t$code <- \"" + targets.code.base64() + "\"\n"
                + Attack.source("prelude.R") + "codes <- list(" + String.join(",\n", codes) + ")\n"
                + "unname(mapply(attempt, codes, seq_along(codes)))\n})";
        List<String> outcomes = new ArrayList<>();
        JSON.readTree(way.send(targets, code)).forEach(outcome -> outcomes.add(outcome.asText()));
        assertEquals(attacks.size(), outcomes.size(), "each attack has an outcome");
        assertEquals(List.of(), outcomes.stream().filter(Attack::isMistaken).toList(), "attacks that did not run");
        return outcomes;
    }

    private static boolean succeeded(AttackTargets targets, String outcome) {
        return outcome.startsWith("TRUE") || outcome.contains(targets.token) || outcome.contains("root:");
    }

    /** A test for each attack of a group. */
    private static Stream<DynamicNode> attacks(Way way, String group) throws IOException {
        List<Attack> attacks = Attack.group(group);
        List<String> outcomes = outcomes(targets, way, attacks);
        return IntStream.range(0, attacks.size())
                .mapToObj(n -> dynamicTest(attacks.get(n).toString(), () -> check(attacks.get(n), outcomes.get(n))));
    }

    private static void check(Attack attack, String outcome) {
        if (!attack.promised(here)) {
            System.out.println("Not promised on this machine: " + attack);
        }
        assumeTrue(attack.promised(here), () -> "This machine has none of " + attack.barriers());
        assertFalse(
                succeeded(targets, outcome), () -> attack + " succeeded: " + outcome.replace(targets.token, "SECRET"));
    }

    private static Stream<DynamicNode> bystanders() {
        return Stream.of(
                dynamicTest("nobody signalled the victim", () -> assertFalse(targets.victimWasSignalled())),
                dynamicTest("the other request still runs", () -> assertTrue(targets.otherRequestRuns())),
                dynamicTest(
                        "the server still answers",
                        () -> assertEquals("[42]", asArgument(targets, "base::sum(40, 2)"))));
    }

    private static Stream<DynamicNode> all(Way way, String... groups) throws IOException {
        List<DynamicNode> tests = new ArrayList<>();
        for (String group : groups) {
            attacks(way, group).forEach(tests::add);
        }
        bystanders().forEach(tests::add);
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicNode> byAnArgument() throws IOException {
        return all(AttackIT::asArgument, "read-files", "other-processes", "kernel", "writes", "network");
    }

    @TestFactory
    Stream<DynamicNode> byAFunctionOfAnApp() throws IOException {
        return all(AttackIT::asFunctionOfAnApp, "read-files", "other-processes", "kernel", "writes", "network");
    }

    @TestFactory
    Stream<DynamicNode> byAScript() throws IOException {
        return all(AttackIT::asScript, "read-files", "other-processes");
    }

    @TestFactory
    Stream<DynamicNode> whatAnArgumentLeavesBehindIsGone() throws IOException {
        return leftBehind(AttackIT::asArgument);
    }

    @TestFactory
    Stream<DynamicNode> whatAFunctionOfAnAppLeavesBehindIsGone() throws IOException {
        return leftBehind(AttackIT::asFunctionOfAnApp);
    }

    private static Stream<DynamicNode> leftBehind(Way way) throws IOException {
        List<Attack> attacks = Attack.group("left-behind");
        outcomes(targets, way, attacks);
        List<String> left = segmentsLeft(attacks.size());
        return IntStream.range(0, attacks.size())
                .mapToObj(n -> dynamicTest(attacks.get(n).toString(), () -> {
                    assertNoneLives(n + 1);
                    assertEquals("0", left.get(n), "segments, semaphores or queues that are left");
                }));
    }

    /** How many System V and POSIX objects each attack left, which are removed. */
    private static List<String> segmentsLeft(int attacks) throws IOException {
        StringBuilder code = new StringBuilder("dyn.load('" + targets.code.library() + "')\n");
        for (int n = 1; n <= attacks; n++) {
            code.append("cat(.C('ocpu_clean', '%s', 0L)[[2]], '\\n')\n".formatted(targets.key(n)));
        }
        return RProgram.run(directory, code.toString())
                .lines()
                .map(String::strip)
                .toList();
    }

    /** Each process is killed a moment after the answer, so that there may be one to wait for. */
    private static void assertNoneLives(int attack) throws Exception {
        List<ProcessHandle> left = targets.leftBy(attack);
        try {
            for (ProcessHandle process : left) {
                process.onExit().get(5, TimeUnit.SECONDS);
            }
            assertEquals(List.of(), targets.leftBy(attack));
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "still runs: " + left.stream().map(ProcessHandle::info).toList(), e);
        } finally {
            left.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Of each group all are looked at, or the tests above were fewer. */
    @Test
    void thereAreAsManyAttacksAsIsSaid() {
        Map<String, Integer> attacks = new TreeMap<>();
        for (String group : List.of("read-files", "other-processes", "kernel", "writes", "network", "left-behind")) {
            attacks.put(group, Attack.group(group).size());
        }
        System.out.println(attacks + " attacks by R code; this machine has " + here);
        assertEquals(
                Map.of(
                        "read-files", 43,
                        "other-processes", 45,
                        "kernel", 73,
                        "writes", 38,
                        "network", 11,
                        "left-behind", 13),
                attacks);
    }

    /** What is repelled above would succeed, were it not for the walls: so it is these that repel. */
    @Test
    void withoutWallsTheySucceed() throws Exception {
        List<String> harmful = List.of(
                "read-files: the configuration",
                "read-files: the configuration by a symbolic link",
                "read-files: the secret of webhooks",
                "read-files: the database",
                "read-files: another session's objects",
                "read-files: another app's files",
                "read-files: another request's files",
                "other-processes: the environment of the server",
                "other-processes: the environment of the victim",
                "other-processes: signal the victim",
                "other-processes: signal by a process descriptor",
                "kernel: memory that is in no address space",
                "kernel: an abstract socket of another process",
                "writes: the data directory",
                "writes: another session",
                "writes: /tmp",
                "network: TCP by R",
                "network: TCP",
                "network: listening");
        Map<String, String> open = Map.of("sandbox", "off", "network", "allow");
        try (AttackTargets exposed =
                new AttackTargets(Files.createDirectory(directory.resolve("open")), targets.code, open)) {
            List<Attack> attacks = Stream.of("read-files", "other-processes", "kernel", "writes", "network")
                    .flatMap(group -> Attack.group(group).stream())
                    .filter(attack -> harmful.contains(attack.title()))
                    .toList();
            assertEquals(harmful, attacks.stream().map(Attack::title).toList());
            List<String> outcomes = outcomes(exposed, AttackIT::asArgument, attacks);
            for (int n = 0; n < attacks.size(); n++) {
                assertTrue(succeeded(exposed, outcomes.get(n)), attacks.get(n) + ": " + outcomes.get(n));
            }
            assertTrue(exposed.victimWasSignalled(), "the victim takes no note of signals");
        }
    }
}
