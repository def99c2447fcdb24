package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.ocpu.app.RpcService;

/** Headers of every answer of the API, as OpenCPU sends them, with CORS open to any page. */
final class ApiHeaders {
    static final String VERSION = "0.1.0";
    private static final String EXPOSED =
            "Location, X-ocpu-session, X-ocpu-cache, Content-Type, Content-Disposition, Cache-Control, ETag, Retry-After, Link, Preference-Applied";
    private static final String ALLOWED =
            "Origin, Content-Type, Accept, Accept-Encoding, Cache-Control, Authorization, If-None-Match, Prefer, Range";
    private static final String METHODS = "GET, HEAD, POST, OPTIONS";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

    private final String r;
    private final boolean cors;

    /** @param cors whether pages of other sites may use the API */
    ApiHeaders(RpcService rpc, boolean cors) {
        this.r = rpc.r().title();
        this.cors = cors;
    }

    /** Also answers OPTIONS, which needs no more than the headers, wherever it is asked. */
    void set(Context ctx) {
        ctx.header("X-ocpu-r", r);
        ctx.header("X-ocpu-version", VERSION);
        ctx.header("X-ocpu-locale", "C.UTF-8");
        ctx.header("X-ocpu-time", TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        ctx.header("X-Content-Type-Options", "nosniff");
        if (cors) {
            ctx.header("Access-Control-Allow-Origin", "*");
            ctx.header("Access-Control-Expose-Headers", EXPOSED);
            ctx.header("Access-Control-Allow-Headers", ALLOWED);
            ctx.header("Access-Control-Allow-Methods", METHODS);
        }
        if (ctx.method().equals(HandlerType.OPTIONS)) {
            ctx.header("Allow", METHODS).skipRemainingHandlers();
            Answers.text(ctx, "OPTIONS OK\n");
        }
    }
}
