package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Handler;
import io.javalin.http.UnauthorizedResponse;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets only requests through that bring the admin token as {@code Authorization: Bearer TOKEN} (RFC 6750). */
final class AdminGuard {
    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9._~+/-]+=*) *");
    private static final String NEW_ONE = " On the server's machine, ./ocpu token makes a new one.";

    private final AdminToken token;

    AdminGuard(AdminToken token) {
        this.token = token;
    }

    Handler before(Handler handler) {
        return ctx -> {
            check(ctx);
            handler.handle(ctx);
        };
    }

    private void check(Context ctx) {
        Matcher bearer = BEARER.matcher(Objects.requireNonNullElse(ctx.header("Authorization"), ""));
        if (!bearer.matches()) {
            ctx.header("WWW-Authenticate", "Bearer realm=\"ocpu\"");
            throw new UnauthorizedResponse("This needs the admin token, as Authorization: Bearer TOKEN." + NEW_ONE);
        }
        if (!token.accepts(bearer.group(1))) {
            throw new ForbiddenResponse("This is not the admin token, or no longer." + NEW_ONE);
        }
    }
}
