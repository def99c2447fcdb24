package org.ocpu.builder;

import java.util.ArrayDeque;
import java.util.Deque;

/** The end of what an installation says: whole lines, few enough to be kept for many packages. Thread-safe. */
final class InstallationLog {
    private static final int MOST_LINES = 100;
    private static final int MOST_CHARACTERS = 8_000;
    private static final int LONGEST_LINE = 500;

    private final Deque<String> lines = new ArrayDeque<>();
    private int characters;

    synchronized void hear(String line) {
        String plain = Text.line(line, LONGEST_LINE);
        lines.add(plain);
        characters += plain.length() + 1;
        while (lines.size() > MOST_LINES || characters > MOST_CHARACTERS) {
            characters -= lines.remove().length() + 1;
        }
    }

    /** Lines with a line feed between. */
    synchronized String tail() {
        return String.join("\n", lines);
    }
}
