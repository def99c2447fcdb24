package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.UnsupportedMediaTypeResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.ocpu.app.Arguments;
import org.ocpu.app.BadRequestException;

/** Reads the arguments of a call from a request's body: a form or a JSON object. */
final class CallReader {
    private final long maxBody;

    CallReader(long maxBody) {
        this.maxBody = maxBody;
    }

    Arguments arguments(Context ctx) {
        byte[] body = Body.read(ctx, maxBody);
        if (body.length == 0) {
            return Arguments.ofForm(Map.of());
        }
        String type = Objects.requireNonNullElse(ctx.contentType(), "").toLowerCase(Locale.ROOT);
        String text = new String(body, StandardCharsets.UTF_8);
        if (type.startsWith("application/json")) {
            return Arguments.ofJson(text);
        }
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return Arguments.ofForm(form(text));
        }
        throw new UnsupportedMediaTypeResponse(
                "Send arguments as application/x-www-form-urlencoded or application/json, not as "
                        + (type.isEmpty() ? "a body without Content-Type" : type) + ".");
    }

    /** The first value of each name, in the order sent. */
    private static Map<String, String> form(String text) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                form.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("The form is not percent-encoded as it should be: " + e.getMessage());
        }
    }
}
