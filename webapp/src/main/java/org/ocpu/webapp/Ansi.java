package org.ocpu.webapp;

import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with the colours that terminals are told by escape sequences (ECMA-48, SGR), as HTML with a class for each of the 16 colours
 * that pages have; of others the nearest is taken. Sequences for anything else are left out.
 */
final class Ansi {
    private static final Pattern ESCAPE =
            Pattern.compile("\\x1b(?:\\[([0-9;:]*)([@-~])|\\[[0-?]*[ -/]*[@-~]|\\].*?(?:\\x07|\\x1b\\\\)|.)");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\\t\\n]]");
    private static final int BRIGHT = 8;

    private boolean bold;
    private boolean dim;
    private boolean italic;
    private boolean underlined;
    private boolean reversed;
    private OptionalInt colour = OptionalInt.empty();
    private OptionalInt background = OptionalInt.empty();

    private Ansi() {}

    /** Without colours and all else that is not to be read. */
    static String plain(String text) {
        return text.indexOf('\u001b') < 0
                        && CONTROLS.matcher(text).results().findAny().isEmpty()
                ? text
                : CONTROLS.matcher(ESCAPE.matcher(text).replaceAll("")).replaceAll("");
    }

    /** As markup; a colour ends with the text at the latest. */
    static String html(String text) {
        if (text.indexOf('\u001b') < 0) {
            return Html.escape(plain(text));
        }
        StringBuilder html = new StringBuilder();
        Ansi now = new Ansi();
        Matcher escape = ESCAPE.matcher(text);
        int done = 0;
        while (escape.find()) {
            now.append(html, text.substring(done, escape.start()));
            if ("m".equals(escape.group(2))) {
                now.take(escape.group(1));
            }
            done = escape.end();
        }
        now.append(html, text.substring(done));
        return html.toString();
    }

    private void append(StringBuilder html, String text) {
        String plain = CONTROLS.matcher(text).replaceAll("");
        String classes = classes();
        if (plain.isEmpty() || classes.isEmpty()) {
            html.append(Html.escape(plain));
            return;
        }
        html.append("<span class=\"")
                .append(classes)
                .append("\">")
                .append(Html.escape(plain))
                .append("</span>");
    }

    private String classes() {
        StringJoiner classes = new StringJoiner(" ");
        OptionalInt front = reversed ? background : colour;
        OptionalInt behind = reversed ? colour : background;
        front.ifPresent(one -> classes.add("fg-" + one));
        behind.ifPresent(one -> classes.add("bg-" + one));
        add(classes, reversed && behind.isEmpty(), "reversed");
        add(classes, bold, "bold");
        add(classes, dim, "dim");
        add(classes, italic, "italic");
        add(classes, underlined, "underlined");
        return classes.toString();
    }

    private static void add(StringJoiner classes, boolean on, String name) {
        if (on) {
            classes.add(name);
        }
    }

    /** @param parameters numbers with semicolons or colons between them; none stands for 0 */
    private void take(String parameters) {
        String[] codes = parameters.split("[;:]", -1);
        for (int i = 0; i < codes.length; i++) {
            int code = number(codes[i]);
            if (code == 38 || code == 48) {
                i = extended(codes, i, code == 38);
            } else {
                take(code);
            }
        }
    }

    private void take(int code) {
        switch (code) {
            case 0 -> reset();
            case 1 -> bold = true;
            case 2 -> dim = true;
            case 3 -> italic = true;
            case 4 -> underlined = true;
            case 7 -> reversed = true;
            case 22 -> bold = dim = false;
            case 23 -> italic = false;
            case 24 -> underlined = false;
            case 27 -> reversed = false;
            case 39 -> colour = OptionalInt.empty();
            case 49 -> background = OptionalInt.empty();
            default -> takeColour(code);
        }
    }

    private void takeColour(int code) {
        if (code >= 30 && code <= 37) {
            colour = OptionalInt.of(code - 30);
        } else if (code >= 90 && code <= 97) {
            colour = OptionalInt.of(code - 90 + BRIGHT);
        } else if (code >= 40 && code <= 47) {
            background = OptionalInt.of(code - 40);
        } else if (code >= 100 && code <= 107) {
            background = OptionalInt.of(code - 100 + BRIGHT);
        }
    }

    private void reset() {
        bold = dim = italic = underlined = reversed = false;
        colour = background = OptionalInt.empty();
    }

    /** {@code 38;5;N} or {@code 38;2;R;G;B}; where the last of its numbers is. */
    private int extended(String[] codes, int at, boolean front) {
        int kind = at + 1 < codes.length ? number(codes[at + 1]) : 0;
        int last = at + (kind == 5 ? 2 : kind == 2 ? 4 : 1);
        if (last >= codes.length || (kind != 5 && kind != 2)) {
            return codes.length;
        }
        int nearest = kind == 5
                ? ofPalette(number(codes[last]))
                : nearest(number(codes[at + 2]), number(codes[at + 3]), number(codes[last]));
        if (front) {
            colour = OptionalInt.of(nearest);
        } else {
            background = OptionalInt.of(nearest);
        }
        return last;
    }

    /** Of xterm's 256: 16, then a cube with six steps each, then greys. */
    private static int ofPalette(int index) {
        if (index < 16) {
            return index;
        }
        if (index >= 232) {
            int grey = 8 + 10 * (index - 232);
            return nearest(grey, grey, grey);
        }
        int cube = index - 16;
        return nearest(cube / 36 * 51, cube / 6 % 6 * 51, cube % 6 * 51);
    }

    private static int nearest(int red, int green, int blue) {
        int most = Math.max(red, Math.max(green, blue));
        if (most < 48) {
            return 0;
        }
        if (most - Math.min(red, Math.min(green, blue)) < 32) {
            return most < 128 ? BRIGHT : most < 208 ? 7 : 15;
        }
        int half = most / 2;
        int hue = (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
        return most > 208 ? hue + BRIGHT : hue;
    }

    private static int number(String digits) {
        return digits.isEmpty() || digits.length() > 3 ? 0 : Math.min(255, Integer.parseInt(digits));
    }
}
