package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.UnsupportedMediaTypeResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.ocpu.app.Arguments;
import org.ocpu.app.Arguments.Encoding;

/** Reads the arguments of a call from a request's body: a form, a multipart form, JSON, a protocol buffer or R's serialization. */
final class CallReader {
    /** Media types of values, as whole bodies and as parts of multipart ones. */
    static final Map<String, Encoding> VALUES = Map.of(
            "application/json", Encoding.JSON,
            "application/rds", Encoding.RDS,
            "application/protobuf", Encoding.PROTOBUF,
            "application/x-protobuf", Encoding.PROTOBUF,
            "application/rprotobuf", Encoding.PROTOBUF);

    private final long maxBody;

    CallReader(long maxBody) {
        this.maxBody = maxBody;
    }

    Arguments arguments(Context ctx) {
        refuseCompression(ctx);
        // Not contentType(), with which Jetty refuses character sets that it does not know.
        String type = mediaType(Objects.requireNonNullElse(ctx.header("Content-Type"), ""));
        if (type.equals("multipart/form-data")) {
            return new MultipartForm(ctx, maxBody).arguments();
        }
        byte[] body = Body.read(ctx, maxBody);
        if (body.length == 0) {
            return Arguments.NONE;
        }
        if (type.equals("application/x-www-form-urlencoded")) {
            return Arguments.ofForm(UrlEncodedForm.arguments(body));
        }
        Encoding encoding = VALUES.get(type);
        if (encoding == null) {
            throw new UnsupportedMediaTypeResponse(
                    "Send arguments as application/x-www-form-urlencoded, multipart/form-data or "
                            + String.join(
                                    ", ", VALUES.keySet().stream().sorted().toList()) + ", not as "
                            + (type.isEmpty() ? "a body without Content-Type" : type) + ".");
        }
        return Arguments.ofBody(encoding, encoding == Encoding.JSON ? Utf8.checked(body, "The JSON") : body);
    }

    /** A compressed body could hold any amount (RFC 9110, section 15.5.16). */
    private static void refuseCompression(Context ctx) {
        String encoding = Objects.requireNonNullElse(ctx.header("Content-Encoding"), "identity");
        if (!encoding.strip().equalsIgnoreCase("identity")) {
            ctx.header("Accept-Encoding", "identity");
            throw new UnsupportedMediaTypeResponse("Send the body as it is, without Content-Encoding: " + encoding);
        }
    }

    /** Without parameters such as the character set. */
    static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
