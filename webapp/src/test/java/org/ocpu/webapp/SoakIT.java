package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The shortest useful {@code bench soak}: of a server that works for long, what is left of each request would be seen here. */
@Timeout(240)
class SoakIT {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int soak(String... options) {
        CommandLine line = Main.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] command = new String[options.length + 2];
        command[0] = "bench";
        command[1] = "soak";
        System.arraycopy(options, 0, command, 2, options.length);
        return line.execute(command);
    }

    @Test
    void callsOfAllKindsAndTimeoutsLeaveNothingBehind() {
        int code = soak("--calls", "320", "--timeouts", "8", "--readings", "2", "--set", "timelimit.post=5");
        assertFalse(out.toString().contains(" times "), out.toString());
        for (String kept : new String[] {"open", "threads", "processes", "their open", "dirs", "sessions"}) {
            assertTrue(out.toString().matches("(?s).*\n" + kept + " [\\d ]+flat\n.*"), out.toString());
        }
        // Memory says nothing after so few calls: there, R and Java have only begun.
        assertEquals(out.toString().contains("NOT FLAT") ? 1 : 0, code, out + "\n" + err);
    }

    @Test
    void aSoakWithoutCallsIsNone() {
        assertEquals(1, soak("--calls", "0"), err.toString());
        assertTrue(err.toString().contains("a call for each"), err.toString());
    }

    @Test
    void aServerThatDoesNotStartIsToldOf() {
        assertEquals(1, soak("--set", "workers.max=none"), err.toString());
        assertTrue(err.toString().contains("workers.max is not a whole number: none"), err.toString());
    }
}
