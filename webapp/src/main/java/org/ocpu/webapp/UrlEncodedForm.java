package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.ocpu.app.BadRequestException;

/** The encoding that HTML forms use by default (URL Standard, section 5), in UTF-8; stricter, since what is broken is not guessed. */
final class UrlEncodedForm {
    /** What an argument without a value is to R: its missing value. */
    private static final String NO_VALUE = "NA";

    private UrlEncodedForm() {}

    /** A name or a value of an address's query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The same as a segment of an address's path, where a space is no {@code +}. */
    static String segment(String text) {
        return encoded(text).replace("+", "%20");
    }

    /** Names and values of an address's query. */
    static Map<String, String> query(Context ctx) {
        String query = Objects.requireNonNullElse(ctx.queryString(), "");
        return parse(query.getBytes(StandardCharsets.UTF_8));
    }

    /** Names and values in the order sent. */
    static Map<String, String> parse(byte[] body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : new String(body, StandardCharsets.ISO_8859_1).split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), "The name of an argument");
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), "Argument " + name);
                put(form, name, value);
            }
        }
        return form;
    }

    /** Arguments of a call in the order sent. */
    static Map<String, String> arguments(byte[] body) {
        Map<String, String> form = parse(body);
        form.replaceAll((name, value) -> value.isEmpty() ? NO_VALUE : value);
        return form;
    }

    static void put(Map<String, String> form, String name, String value) {
        if (name.isEmpty()) {
            throw new BadRequestException("An argument has no name.");
        }
        if (form.putIfAbsent(name, value) != null) {
            throw new BadRequestException("Argument " + name + " is given more than once.");
        }
    }

    private static String decode(String text, String what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(hex(text, i + 1, what));
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return Utf8.decode(bytes.toByteArray(), what);
    }

    private static int hex(String text, int start, String what) {
        int high = start + 1 < text.length() ? Character.digit(text.charAt(start), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(start + 1), 16);
        if (low < 0) {
            throw new BadRequestException(
                    what + " is not percent-encoded as it should be: % is to be followed by two hexadecimal digits.");
        }
        return high * 16 + low;
    }
}
