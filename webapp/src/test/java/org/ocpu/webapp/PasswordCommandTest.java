package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code ocpu password} without a terminal. */
class PasswordCommandTest {
    private static CommandRun ocpu(String input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
        try {
            int code = line.execute(arguments);
            return new CommandRun(code, out.toString().strip(), err.toString().strip());
        } finally {
            System.setIn(before);
        }
    }

    private static void assertRefused(String reason, CommandRun run) {
        assertEquals(1, run.code(), run.toString());
        assertTrue(run.err().contains(reason), run.toString());
        assertEquals("", run.out());
    }

    @Test
    void aLineOfStandardInputBecomesAnEntryThatTheSettingsTake() {
        CommandRun run = ocpu("pferd, grün ist es\n", "password", "ada").succeeded();
        assertFalse(run.out().contains("pferd"), run.out());
        Reader entry = Reader.parse(run.out());
        assertEquals("ada", entry.user().orElseThrow());
        assertTrue(entry.secret().matches("pferd, grün ist es"), run.out());
        assertFalse(entry.secret().matches("pferd"), run.out());
        assertEquals(
                1,
                AccessConfig.from(java.util.Map.of("auth.apps", run.out()))
                        .rules()
                        .all()
                        .size());
    }

    @Test
    void aTokenIsShownOnceWithItsEntry() {
        List<String> lines =
                ocpu("", "password", "--token").succeeded().out().lines().toList();
        String token = lines.get(0).replaceFirst("^Token, shown only here: ", "");
        assertTrue(Reader.parse(lines.get(1)).secret().matches(token), lines.get(1));
        assertFalse(lines.get(1).contains(token), lines.get(1));
    }

    @Test
    void whatIsNoPasswordOrNoNameIsRefused() {
        assertRefused("at least 8 characters", ocpu("short\n", "password", "ada"));
        assertRefused("at least 8 characters", ocpu("", "password", "ada"));
        assertRefused("no space, colon", ocpu("long enough\n", "password", "a:b"));
        assertRefused("either the name of a user, or --token", ocpu("long enough\n", "password"));
        assertRefused("either the name of a user, or --token", ocpu("long enough\n", "password", "ada", "--token"));
    }
}
