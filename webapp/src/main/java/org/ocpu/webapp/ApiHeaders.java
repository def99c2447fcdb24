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

    /** jQuery sends X-Requested-With to what it takes for its own origin, which a page in a sandbox is not. */
    private static final String ALLOWED =
            "Origin, Content-Type, Accept, Accept-Encoding, Cache-Control, Authorization, If-None-Match, Prefer, Range, X-Requested-With, *";

    /** Browsers ask at most so often before their calls; the longest that any of them keeps. */
    private static final String DAY = "86400";

    private static final String METHODS = "GET, HEAD, POST, OPTIONS";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

    private final String r;
    private final boolean cors;

    /** @param cors whether pages of other sites may use the API */
    ApiHeaders(RpcService rpc, boolean cors) {
        this.r = rpc.r().title();
        this.cors = cors;
    }

    void set(Context ctx) {
        ctx.header("X-ocpu-r", r);
        ctx.header("X-ocpu-version", VERSION);
        ctx.header("X-ocpu-locale", "C.UTF-8");
        ctx.header("X-ocpu-time", TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        if (cors) {
            ctx.header("Access-Control-Allow-Origin", "*");
            ctx.header("Access-Control-Expose-Headers", EXPOSED);
            ctx.header("Access-Control-Allow-Headers", ALLOWED);
            ctx.header("Access-Control-Allow-Methods", METHODS);
            ctx.header("Access-Control-Max-Age", DAY);
        }
    }

    /** Answers OPTIONS, which needs no more than the headers, wherever it is asked. */
    void options(Context ctx) {
        if (ctx.method().equals(HandlerType.OPTIONS)) {
            ctx.header("Allow", METHODS).skipRemainingHandlers();
            Answers.text(ctx, "OPTIONS OK\n");
        }
    }
}
