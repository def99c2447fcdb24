package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the command line prints lists with. */
class TextTableTest {
    @Test
    void columnsAreAlignedAndNothingControlsTheTerminal() {
        TextTable table = new TextTable("APP", "MESSAGE");
        table.row("ada/hello", "red \u001b[31m alert\u202e");
        table.row("b/c", "");
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text));
        assertEquals("APP        MESSAGE\nada/hello  red  [31m alert\nb/c\n", text.toString());
    }

    @Test
    void timesAreToldInTheLargestUnitThatFits() {
        Instant then = Instant.parse("2026-01-02T12:00:00Z");
        assertEquals("now", new Ago(then).of(then));
        assertEquals("now", new Ago(then).of(then.plusSeconds(5)), "clocks of two machines differ");
        assertEquals("59 s ago", new Ago(then.plusSeconds(59)).of(then));
        assertEquals("1 min ago", new Ago(then.plusSeconds(60)).of(then));
        assertEquals("47 h ago", new Ago(then.plusSeconds(47 * 3600)).of(then));
        assertEquals("2 days ago", new Ago(then.plusSeconds(48 * 3600)).of(then));
    }
}
