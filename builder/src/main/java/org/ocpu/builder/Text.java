package org.ocpu.builder;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text from outside made fit for a line, a header or a log. */
final class Text {
    private static final Pattern ESCAPES = Pattern.compile("\\x1b\\[[0-?]*[ -/]*[@-~]");
    private static final Pattern COLOURS = Pattern.compile("\\x1b\\[[0-9;:]*m");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\\t]]");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}&&[^\\t\\n]]");

    private Text() {}

    /** One line of at most so many characters, without terminal escapes and control characters. */
    static String line(String text, int longest) {
        String plain = CONTROLS.matcher(ESCAPES.matcher(text).replaceAll("")).replaceAll(" ");
        return shorten(plain, longest);
    }

    /** One line whose colours stay, as terminals are told them (ECMA-48, SGR), and of other escapes and control characters nothing. */
    static String coloured(String text) {
        StringBuilder line = new StringBuilder();
        Matcher colour = COLOURS.matcher(text);
        int done = 0;
        while (colour.find()) {
            line.append(line(text.substring(done, colour.start()), Integer.MAX_VALUE))
                    .append(colour.group());
            done = colour.end();
        }
        return line.append(line(text.substring(done), Integer.MAX_VALUE)).toString();
    }

    /** The same without the colours; of several lines, too. */
    static String colourless(String text) {
        return COLOURS.matcher(text).replaceAll("");
    }

    static String shorten(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "…";
    }

    /** Safe as HTML's text and within a quoted attribute; line ends stay, other control characters go. */
    static String html(String text) {
        return INVISIBLE
                .matcher(ESCAPES.matcher(text).replaceAll(""))
                .replaceAll("")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Tells texts apart as the name of a file: 32 hexadecimal digits of their SHA-256. */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first line of a text. */
    static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
