package org.ocpu.builder;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Text from outside made fit for a line, a header or a log. */
final class Text {
    private static final Pattern ESCAPES = Pattern.compile("\\x1b\\[[0-?]*[ -/]*[@-~]");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\\t]]");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}&&[^\\t\\n]]");

    private Text() {}

    /** One line of at most so many characters, without terminal escapes and control characters. */
    static String line(String text, int longest) {
        String plain = CONTROLS.matcher(ESCAPES.matcher(text).replaceAll("")).replaceAll(" ");
        return shorten(plain, longest);
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
