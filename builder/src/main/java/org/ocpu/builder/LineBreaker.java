package org.ocpu.builder;

import java.util.function.Consumer;

/** Cuts a stream of characters into lines of bounded length, whatever it holds. */
final class LineBreaker {
    private final Consumer<String> lines;
    private final int longest;
    private final StringBuilder line = new StringBuilder();

    LineBreaker(Consumer<String> lines, int longest) {
        this.lines = lines;
        this.longest = longest;
    }

    void take(char[] chunk, int length) {
        for (int i = 0; i < length; i++) {
            if (chunk[i] == '\n') {
                flush();
            } else {
                line.append(chunk[i]);
                if (line.length() >= longest) {
                    flush();
                }
            }
        }
    }

    /** Hands out what follows the last line end. */
    void end() {
        if (line.length() > 0) {
            flush();
        }
    }

    private void flush() {
        // a carriage return inside a line is a progress display: what it overwrote is of no use
        String text = line.toString().stripTrailing();
        lines.accept(text.substring(text.lastIndexOf('\r') + 1));
        line.setLength(0);
    }
}
