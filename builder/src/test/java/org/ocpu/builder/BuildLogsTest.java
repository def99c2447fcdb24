package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLogsTest {
    @TempDir
    Path directory;

    private BuildLogs logs;

    @BeforeEach
    void open() {
        logs = new BuildLogs(directory);
    }

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    void givesEachLineItsTimeAndStage() throws IOException {
        logs.open(1).line(Stage.INSTALL, "two\nlines \u001b[31mred\u001b[0m");
        List<String> lines = Files.readAllLines(directory.resolve("1.log"));
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\[install] two"), lines.get(0));
        assertTrue(lines.get(1).endsWith(" [install] lines red"), lines.get(1));
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
    void dropsOutputBeyondItsSizeButNotTheBuildersWords() throws IOException {
        BuildLog log = logs.open(1);
        String line = "x".repeat(3_900);
        for (int i = 0; i < 2_000; i++) {
            log.output(Stage.INSTALL, line);
        }
        log.line(Stage.INSTALL, "failed: it talks too much");
        List<String> lines = Files.readAllLines(directory.resolve("1.log"));
        assertTrue(Files.size(directory.resolve("1.log")) < BuildLog.LARGEST + 10_000);
        assertTrue(lines.get(lines.size() - 2).contains("not kept"), lines.get(lines.size() - 2));
        assertTrue(lines.get(lines.size() - 1).endsWith("it talks too much"));
        assertTrue(logs.tail(1, 1_000).startsWith("[...]\n"));
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
            lines.add(number + " " + text.replaceFirst(".*] ", ""));
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
