package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.UnauthorizedResponse;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets only requests through that bring the admin token as {@code Authorization: Bearer TOKEN} (RFC 6750), and none at all where the
 * admin's actions are switched off.
 */
final class AdminGuard {
    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9._~+/-]+=*) *");
    private static final String NEW_ONE = " On the server's machine, ./ocpu token makes a new one.";

    private final AdminToken token;
    private final Guesses guesses;
    private final boolean on;

    /** @param on whether there are actions of the admin on this server */
    AdminGuard(AdminToken token, Guesses guesses, boolean on) {
        this.token = token;
        this.guesses = guesses;
        this.on = on;
    }

    Handler before(Handler handler) {
        return ctx -> {
            check(ctx);
            handler.handle(ctx);
        };
    }

    /** Whether it is the admin token, on a server that has a use for it. */
    boolean accepts(String secret) {
        return on && token.accepts(secret);
    }

    /** Whether the token that a request came with is still the admin's, for an answer that goes on. */
    BooleanSupplier stays(Context ctx) {
        Matcher bearer = bearer(ctx);
        String secret = bearer.matches() ? bearer.group(1) : "";
        return () -> accepts(secret);
    }

    private static Matcher bearer(Context ctx) {
        return BEARER.matcher(Objects.requireNonNullElse(ctx.header("Authorization"), ""));
    }

    /** @throws HttpResponseException when it does not come from the admin */
    void check(Context ctx) {
        if (!on) {
            throw new ForbiddenResponse(
                    "What needs the admin token is switched off on this server; its admin can set enable.admin: true.");
        }
        Matcher bearer = bearer(ctx);
        if (!bearer.matches()) {
            ctx.header("WWW-Authenticate", "Bearer realm=\"ocpu\"");
            throw new UnauthorizedResponse("This needs the admin token, as Authorization: Bearer TOKEN." + NEW_ONE);
        }
        if (!guesses.check(ctx, () -> token.accepts(bearer.group(1)))) {
            throw new ForbiddenResponse("This is not the admin token, or no longer." + NEW_ONE);
        }
    }
}
