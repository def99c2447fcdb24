package org.ocpu.webapp;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a build's log, {@code 2025-01-31T12:34:56.789Z [stage] text}.
 *
 * @param number counted from 1
 * @param time of the day, in UTC; empty where a crash cut the line off
 * @param text may have colours, as terminals are told them
 */
record LogLine(long number, String time, String stage, String text) {
    private static final Pattern LINE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT(\\d\\d:\\d\\d:\\d\\d\\.\\d{3})Z \\[(\\w+)] (.*)");

    /** As R, {@code R CMD INSTALL}, make, compilers and this server begin what went wrong. */
    private static final Pattern ERROR = Pattern.compile(
            "^\\s*(ERROR\\b|Error( in |:)|failed: |make(\\[\\d+])?: \\*\\*\\* )|(^|[\\s:])(fatal )?error: |: undefined reference to ");

    private static final Pattern WARNING =
            Pattern.compile("^\\s*(WARNING\\b|Warning( message| messages| in |:))|(^|[\\s:])warning: ");

    /** What a line is to whoever looks for trouble. */
    enum Kind {
        ERROR,
        WARNING,
        PLAIN;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param before the line before, whose stage one without a stage has */
    static LogLine parse(long number, String line, Optional<LogLine> before) {
        Matcher parts = LINE.matcher(line);
        return parts.matches()
                ? new LogLine(number, parts.group(1), parts.group(2), parts.group(3))
                : new LogLine(number, "", before.map(LogLine::stage).orElse("queue"), line);
    }

    Kind kind() {
        String plain = Ansi.plain(text);
        if (ERROR.matcher(plain).find()) {
            return Kind.ERROR;
        }
        return WARNING.matcher(plain).find() ? Kind.WARNING : Kind.PLAIN;
    }
}
