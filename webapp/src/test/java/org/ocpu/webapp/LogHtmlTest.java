package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

class LogHtmlTest {
    private static String line(String stage, String text) {
        return "2026-01-02T12:00:0%d.250Z [%s] %s".formatted(text.length() % 10, stage, text);
    }

    private static String folds(State state, String... lines) {
        return LogHtml.of(build(state), List.of(lines)).folds().text();
    }

    private static BuildView build(State state) {
        return TestBuilds.build(
                12, HELLO, state, state == State.FAILED ? Optional.of("no") : Optional.empty(), "message");
    }

    @Test
    void eachStageIsAFoldAndWhatFailedOrGoesOnIsOpen() {
        String[] lines = {line("queue", "a"), line("install", "b"), line("install", "c"), line("report", "d")};
        String failed = folds(State.FAILED, lines);
        assertTrue(failed.contains("<details class=\"fold\" data-stage=\"queue\" data-state=\"\">"), failed);
        assertTrue(
                failed.contains("<details class=\"fold\" data-stage=\"install\" data-state=\"failed\" open>"), failed);
        assertTrue(failed.contains("<span class=\"name\">install</span> <span class=\"count\">2 lines</span>"), failed);
        assertTrue(failed.contains("<span class=\"name\">report</span> <span class=\"count\">1 line</span>"), failed);
        assertTrue(folds(State.RUNNING, lines).contains("data-stage=\"report\" data-state=\"\" open>"));
        assertFalse(folds(State.SUCCEEDED, lines).contains(" open>"));
    }

    @Test
    void aStageThatRanAgainAfterARestartIsAFoldOfItsOwn() {
        String all = folds(State.SUCCEEDED, line("install", "a"), line("queue", "b"), line("install", "c"));
        assertEquals(3, all.split("<details", -1).length - 1, all);
    }

    @Test
    void aLineHasANumberThatLinksItsTimeAndItsColours() {
        String all = folds(State.RUNNING, line("install", "one"), line("install", "\u001b[31m<two>\u001b[0m"));
        assertTrue(
                all.contains(
                        "<div class=\"line\" id=\"L2\"><a href=\"#L2\" tabindex=\"-1\">2</a><time>12:00:04.250</time><span class=\"fg-1\">&lt;two&gt;</span></div>"),
                all);
    }

    @Test
    void aLineThatACrashCutOffBelongsToTheStageBefore() {
        String all = folds(State.RUNNING, line("install", "one"), "2026-01-02T12:0");
        assertTrue(all.contains("2 lines"), all);
        assertTrue(all.contains(">2</a>2026-01-02T12:0</div>"), all);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "error   | Error in library(nowhere) : there is no package called ‘nowhere’",
                "error   | Error: object 'x' not found",
                "error   | ERROR: compilation failed for package ‘broken’",
                "error   | f.c:2:34: error: ‘nothing’ undeclared",
                "error   | code.cpp:1:10: fatal error: nowhere.h: No such file or directory",
                "error   | f.c:(.text+0x5): undefined reference to `g'",
                "error   | make: *** [Makeconf:169: f.o] Error 1",
                "error   | failed: the package does not load",
                "warning | Warning: unused",
                "warning | Warning in f() : careful",
                "warning | Warning message:",
                "warning | f.c:2:19: warning: unused variable",
                "plain   | ** testing if installed package keeps a record of errors",
                "plain   | * installing *source* package ‘errorlocate’ ...",
                "plain   | Errors are data",
                "plain   | no warnings here",
            })
    void errorsAndWarningsAreToldByTheWordsThatToolsUse(String kind, String text) {
        for (String one : List.of(text, "\u001b[1m" + text + "\u001b[0m")) {
            LogLine line = LogLine.parse(1, line("install", one), Optional.empty());
            assertEquals(kind, line.kind().label(), one);
            assertEquals(!kind.equals("plain"), LogHtml.line(line).contains("<b>" + kind + "</b>"));
        }
    }

    @Test
    void theFirstErrorIsThatOfTheFailedStage() {
        List<String> lines = List.of(
                line("dependencies", "Error: tried again"), line("install", "fine"), line("install", "ERROR: no"));
        assertEquals(OptionalLong.of(3), LogHtml.of(build(State.FAILED), lines).firstError());
        assertEquals(OptionalLong.of(1), LogHtml.of(build(State.RUNNING), lines).firstError());
        assertEquals(
                OptionalLong.empty(), LogHtml.of(build(State.FAILED), List.of()).firstError());
    }

    @Test
    void aLongLogIsInChunks() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 401; i++) {
            lines.add(line("install", "a"));
        }
        String all = LogHtml.of(build(State.SUCCEEDED), lines).folds().text();
        assertEquals(3, all.split("<div class=\"chunk\">", -1).length - 1);
        assertEquals(all.split("<div", -1).length, all.split("</div>", -1).length, "all are closed");
    }
}
