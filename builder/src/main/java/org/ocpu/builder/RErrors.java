package org.ocpu.builder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Picks out of R's output the lines that say why it failed. */
final class RErrors {
    private static final int MOST_LINES = 30;
    private static final int LAST_LINES = 10;
    private static final Pattern BEGINS = Pattern.compile("^(Error|ERROR)\\b.*|.*: (fatal )?error: .*");
    private static final Pattern ENDS = Pattern.compile("^\\*.*|^Execution halted$");

    private final List<String> errors = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();
    private boolean within;

    void hear(String line) {
        within =
                BEGINS.matcher(line).matches() || (within && !ENDS.matcher(line).matches());
        if (within && errors.size() < MOST_LINES) {
            errors.add(Text.line(line, 500));
        }
        last.add(Text.line(line, 500));
        if (last.size() > LAST_LINES) {
            last.remove();
        }
    }

    /** Why it ended with this status, in several lines. */
    String reason(int exit) {
        String lines = String.join("\n", errors.isEmpty() ? last : errors).strip();
        if (exit > 128) {
            return ("R was ended by signal " + (exit - 128) + "\n" + lines).strip();
        }
        return lines.isEmpty() ? "R CMD INSTALL failed with status " + exit : lines;
    }
}
