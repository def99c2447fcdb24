package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLogsTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir
    Path directory;

    private BuildLogs logs;

    @BeforeEach
    void open() {
        logs = open(5_000_000);
    }

    private BuildLogs open(long largest) {
        BuilderConfig config = BuilderConfig.from(Map.of(
                "webhook.secret",
                "hush-hush",
                "github.token.alice",
                "token-of-alice",
                "github.token",
                "token",
                "notify.secret",
                "told-you"));
        return new BuildLogs(directory, new BuildLog.Rules(largest, Secrets.of(config)));
    }

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    void givesEachLineItsTimeAndStage() throws IOException {
        logs.open(1).line(Stage.INSTALL, "two\nlines \u001b[2K\u001b[31mred\u001b[0m\u0007");
        List<String> lines = Files.readAllLines(directory.resolve("1.log"));
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).matches(TIME + " \\[install] two"), lines.get(0));
        assertTrue(lines.get(1).endsWith(" [install] lines \u001b[31mred\u001b[0m "), lines.get(1));
        assertTrue(logs.tail(1, 1000).endsWith(" [install] lines red \n"), "mails have no colours");
    }

    @Test
    void tellsManyFollowersEveryLineOnceWhenTheyComeInTheMiddle() throws Exception {
        BuildLog log = logs.open(1);
        List<Listener> followers = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            log.line(Stage.INSTALL, "line " + i);
            if (i % 100 == 0) {
                followers.add(new Listener(logs, 1, 0));
            }
        }
        logs.end(1);
        List<String> all =
                IntStream.rangeClosed(1, 2_000).mapToObj(i -> i + " line " + i).toList();
        for (Listener follower : followers) {
            assertEquals(all, follower.all());
        }
        assertEquals(all, new Listener(logs, 1, 0).all(), "after the end");
    }

    @Test
    void resumesAfterALine() throws Exception {
        BuildLog log = logs.open(1);
        log.line(Stage.CHECK, "a\nb\nc");
        Listener live = new Listener(logs, 1, 2);
        log.line(Stage.CHECK, "d");
        logs.end(1);
        assertEquals(List.of("3 c", "4 d"), live.all());
        assertEquals(List.of("4 d"), new Listener(logs, 1, 3).all());
    }

    @Test
    void tellsAClosedSubscriptionNothingMore() throws Exception {
        BuildLog log = logs.open(1);
        log.line(Stage.CHECK, "a");
        Listener follower = new Listener(logs, 1, 0);
        follower.first.get(5, TimeUnit.SECONDS);
        follower.subscription.close();
        log.line(Stage.CHECK, "b");
        logs.end(1);
        assertThrows(TimeoutException.class, () -> follower.end.get(100, TimeUnit.MILLISECONDS));
        assertEquals(List.of("1 a"), follower.lines);
    }

    @Test
    void goesOnAfterACrashInTheMiddleOfALine() throws Exception {
        Files.writeString(directory.resolve("1.log"), "one\ntw");
        BuildLog log = logs.open(1);
        log.line(Stage.QUEUE, "three");
        Listener follower = new Listener(logs, 1, 1);
        logs.end(1);
        assertEquals(List.of("2 tw", "3 three"), follower.all());
    }

    @Test
    void keepsTheHeadAndTheTailOfLongOutputAndSaysWhatIsLeftOut() throws Exception {
        logs = open(400_000);
        BuildLog log = logs.open(1);
        Listener live = new Listener(logs, 1, 0);
        log.line(Stage.INSTALL, "begins");
        for (int i = 1; i <= 20_000; i++) {
            log.output(Stage.INSTALL, "line " + i + " of a command that talks");
        }
        log.line(Stage.INSTALL, "failed: it talks too much");
        logs.end(1);

        List<String> lines = Files.readAllLines(directory.resolve("1.log"));
        assertTrue(Files.size(directory.resolve("1.log")) < 401_000);
        assertTrue(lines.stream().allMatch(line -> line.matches(TIME + " \\[install] .*")), lines::toString);
        List<String> texts =
                lines.stream().map(line -> line.replaceFirst(".*?] ", "")).toList();
        assertEquals("line 1 of a command that talks", texts.get(1));
        assertEquals("line 20000 of a command that talks", texts.get(texts.size() - 2));
        assertEquals("failed: it talks too much", texts.get(texts.size() - 1));
        String gap = texts.stream()
                .filter(text -> text.contains("left out"))
                .findFirst()
                .orElseThrow();
        long kept = texts.stream().filter(text -> text.startsWith("line ")).count();
        assertEquals("[" + (20_000 - kept) + " lines are left out here]", gap);
        int before = texts.indexOf(gap) - 2;
        assertEquals("line " + before + " of a command that talks", texts.get(before), "the head has no gap");

        List<String> heard = live.all();
        assertEquals(lines.size(), heard.size(), "each line once");
        assertEquals(lines.size() + " failed: it talks too much", heard.get(heard.size() - 1));
        List<String> resumed = new Listener(logs, 1, before).all();
        assertEquals(heard.subList(before, heard.size()), resumed, "resumed over the gap");
        assertTrue(logs.tail(1, 1_000).startsWith("[...]\n"));
    }

    @Test
    void neverDropsTheBuildersWordsHoweverLongTheOutputOfEachStage() throws IOException {
        logs = open(20_000);
        BuildLog log = logs.open(1);
        for (Stage stage : Stage.values()) {
            for (int i = 0; i < 1_000; i++) {
                log.output(stage, "x".repeat(100));
            }
            log.line(stage, "the end of " + stage.label());
        }
        logs.end(1);
        String all = Files.readString(directory.resolve("1.log"));
        for (Stage stage : Stage.values()) {
            assertTrue(all.contains("[" + stage.label() + "] the end of " + stage.label()), all);
        }
        assertTrue(all.length() < 22_000, () -> "it has " + all.length());
    }

    @Test
    void goesOnWithTheSameNumbersAfterARestart() throws Exception {
        logs.open(1).line(Stage.CHECKOUT, "a\nb");
        logs.close();
        logs = open(5_000_000);
        BuildLog again = logs.open(1);
        Listener resumed = new Listener(logs, 1, 1);
        again.line(Stage.QUEUE, "the server was restarted");
        logs.end(1);
        assertEquals(List.of("2 b", "3 the server was restarted"), resumed.all());
        assertEquals(List.of(), new Listener(logs, 1, 3).all(), "nothing is told twice");
    }

    @Test
    void writesNoSecrets() throws IOException {
        BuildLog log = logs.open(1);
        log.output(Stage.INSTALL, "cloning https://pat:pass-word@example.org/x with token-of-alice or token");
        log.output(Stage.INSTALL, "gh\u001b[1mp_0123456789abcdef0123456789abcdef0123");
        log.output(Stage.INSTALL, "github_pat_11ABCDEFG0123456789_abcdefgh and gho_0123456789abcdef");
        log.line(Stage.INSTALL, "failed: hush-hush, told-you\nAuthorization: Basic eDp5");
        String all = Files.readString(directory.resolve("1.log"));
        for (String secret :
                List.of("pass-word", "alice", "token", "0123456789", "ABCDEFG", "hush", "told-you", "eDp5")) {
            assertFalse(all.contains(secret), secret + " is in " + all);
        }
        assertTrue(all.contains("cloning https://***@example.org/x with *** or ***"), all);
        assertEquals("no *** here", log.withoutSecrets("no hush-hush here"));
    }

    @Test
    void deletesALog() throws Exception {
        logs.open(1).line(Stage.CHECK, "a");
        logs.end(1);
        logs.delete(1);
        assertEquals(Optional.empty(), logs.find(1));
        assertEquals(List.of(), new Listener(logs, 1, 0).all());
        logs.delete(1);
    }

    /** Keeps what it hears as "number text". */
    private static final class Listener implements LogListener {
        final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        final CompletableFuture<Void> first = new CompletableFuture<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        final LogSubscription subscription;

        Listener(BuildLogs logs, long id, long fromLine) {
            subscription = logs.follow(id, fromLine, this);
        }

        @Override
        public void line(long number, String text) {
            lines.add(number + " " + text.replaceFirst("^.*?] ", ""));
            first.complete(null);
        }

        @Override
        public void end() {
            end.complete(null);
        }

        List<String> all() throws Exception {
            end.get(10, TimeUnit.SECONDS);
            return lines;
        }
    }
}
