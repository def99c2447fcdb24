package org.ocpu.webapp;

import io.javalin.http.Context;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.ocpu.app.RpcService;

/** Headers of every answer of the API, as OpenCPU sends them, with CORS open to any page. */
final class ApiHeaders {
    static final String VERSION = "0.1.0";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

    private final String r;

    ApiHeaders(RpcService rpc) {
        this.r = rpc.r().title();
    }

    void set(Context ctx) {
        ctx.header("X-ocpu-r", r);
        ctx.header("X-ocpu-version", VERSION);
        ctx.header("X-ocpu-locale", "C.UTF-8");
        ctx.header("X-ocpu-time", TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Access-Control-Allow-Origin", "*");
        ctx.header("Access-Control-Expose-Headers", "Location, X-ocpu-session, Content-Type, Cache-Control");
        ctx.header(
                "Access-Control-Allow-Headers",
                "Origin, Content-Type, Accept, Accept-Encoding, Cache-Control, Authorization");
        ctx.header("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
    }

    void preflight(Context ctx) {
        ctx.status(204);
    }
}
