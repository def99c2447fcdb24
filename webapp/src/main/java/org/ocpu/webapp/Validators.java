package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.regex.Pattern;

/** Conditional requests (RFC 9110, section 13). */
final class Validators {
    private static final Pattern ENTITY_TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    private Validators() {}

    /** Whether {@code If-None-Match} names that entity tag, compared weakly. */
    static boolean matches(Context ctx, String etag) {
        String known = ctx.header("If-None-Match");
        return known != null
                && (known.strip().equals("*")
                        || ENTITY_TAG.matcher(known).results().anyMatch(tag -> etag.endsWith(tag.group(1))));
    }

    /** A header's date in milliseconds, -1 when it is absent or no date. */
    static long date(Context ctx, String header) {
        try {
            return ctx.req().getDateHeader(header);
        } catch (IllegalArgumentException noDate) {
            return -1;
        }
    }
}
