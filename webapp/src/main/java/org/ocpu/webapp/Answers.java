package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.app.Made;
import org.ocpu.app.Output;
import org.ocpu.app.Rendered;
import org.ocpu.app.SessionKey;

/** The forms that the API's answers take. */
final class Answers {
    /** For what may change with the next push: kept, but asked for again. */
    static final String REVALIDATE = "no-cache";

    /** For what stays as it is as long as it exists. */
    static final String STABLE = "max-age=86400, public";

    /** Bodies up to this size are compressed for clients that ask; larger ones are streamed as they are. */
    private static final int INLINE = 1 << 20;

    private Answers() {}

    /** Text, a line each. */
    static void lines(Context ctx, List<String> lines) {
        text(ctx, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    static void text(Context ctx, String text) {
        ctx.contentType("text/plain; charset=utf-8").result(text);
    }

    static void rendered(Context ctx, Rendered rendered) {
        rendered.filename()
                .ifPresent(name -> ctx.header(
                        "Content-Disposition",
                        "attachment;filename=\"" + name.replaceAll("[\"\\\\\\p{Cntrl}]", "_") + "\""));
        ctx.contentType(rendered.mediaType());
        if (rendered.length() > INLINE) {
            ctx.disableCompression().header("Content-Length", Long.toString(rendered.length()));
            ctx.result(rendered.body());
        } else {
            ctx.result(bytes(rendered.body()));
        }
    }

    private static byte[] bytes(InputStream body) {
        try (body) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 201 with the value in the format asked for, or with the paths of all that the new session holds. */
    static void made(Context ctx, Made made) {
        session(ctx, made.key());
        ctx.status(201);
        Optional<Rendered> value = made.rendered();
        if (value.isPresent()) {
            rendered(ctx, value.get());
        } else {
            lines(
                    ctx,
                    made.entries().stream()
                            .map(entry -> path(made.key()) + entry)
                            .toList());
        }
    }

    /** Where the session is that a call left. */
    static void session(Context ctx, SessionKey key) {
        ctx.header("X-ocpu-session", key.value());
        ctx.header("Location", ctx.scheme() + "://" + ctx.host() + path(key));
    }

    private static String path(SessionKey key) {
        return "/ocpu/tmp/" + key.value() + "/";
    }

    /** The format that the address ends in, and the query as its options. */
    static Output output(Context ctx) {
        Map<String, String> options = ctx.queryParamMap().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get(0)));
        return new Output(Optional.ofNullable(ctx.pathParamMap().get("format")), options);
    }
}
