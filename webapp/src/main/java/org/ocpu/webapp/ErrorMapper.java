package org.ocpu.webapp;

import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ExceptionHandler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.ocpu.app.BadRequestException;
import org.ocpu.app.CallFailedException;
import org.ocpu.app.DiskFullException;
import org.ocpu.app.EngineException;
import org.ocpu.app.NotAvailableException;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.OverloadedException;
import org.ocpu.app.TooLargeException;
import org.ocpu.app.WorkerLostException;
import org.ocpu.builder.ConflictException;
import org.ocpu.builder.Demand;
import org.ocpu.builder.GistException;
import org.ocpu.builder.UnknownNameException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only table from exceptions to answers. An answer is the message as plain text, as a page where a browser asks for
 * one, as JSON where the client prefers that, or within the JSON API a problem (RFC 9457); what nobody expected is logged with an id that
 * the answer shows.
 */
final class ErrorMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);
    private final Answers answers;
    private final ErrorHtml pages;
    private final KeptErrors kept;

    ErrorMapper(Answers answers, Frame frame, KeptErrors kept) {
        this.answers = answers;
        this.pages = new ErrorHtml(frame);
        this.kept = kept;
    }

    void register(JavalinConfig javalin) {
        RoutesConfig routes = javalin.routes;
        on(routes, NotFoundException.class, (e, ctx) -> answer(ctx, 404, e.getMessage()));
        on(routes, BadRequestException.class, (e, ctx) -> answer(ctx, 400, e.getMessage()));
        on(routes, WorkerLostException.class, (e, ctx) -> answer(ctx, 400, e.getMessage()));
        on(routes, TooLargeException.class, (e, ctx) -> answer(ctx, 400, e.getMessage()));
        on(routes, DiskFullException.class, (e, ctx) -> answer(ctx, 507, e.getMessage()));
        on(routes, CallFailedException.class, (e, ctx) -> {
            e.session().ifPresent(key -> answers.session(ctx, key));
            answer(ctx, 400, e.getMessage());
        });
        on(routes, UnknownNameException.class, (e, ctx) -> answer(ctx, 404, e.getMessage()));
        on(routes, NotInstalledException.class, this::notInstalled);
        on(routes, ConflictException.class, (e, ctx) -> answer(ctx, 409, e.getMessage()));
        on(routes, GistException.class, this::gist);
        on(routes, NotAvailableException.class, (e, ctx) -> answer(ctx, 501, e.getMessage()));
        on(routes, OverloadedException.class, (e, ctx) -> {
            retryAfter(ctx, e.retryAfter());
            answer(ctx, 503, e.getMessage());
        });
        on(routes, TooManyRequestsException.class, (e, ctx) -> {
            retryAfter(ctx, e.retryAfter());
            answer(ctx, 429, e.getMessage());
        });
        on(routes, NotReadyException.class, (e, ctx) -> unavailable(ctx, e.getMessage()));
        on(routes, EngineException.class, (e, ctx) -> {
            LOG.error("R engine, error {}", kept.keep(e, ctx), e);
            unavailable(ctx, e.getMessage());
        });
        on(routes, MethodNotAllowedResponse.class, (e, ctx) -> {
            ctx.header("Allow", e.getDetails().getOrDefault("availableMethods", "GET, HEAD"));
            answer(ctx, 405, "Method " + ctx.method() + " is not allowed on " + ctx.path());
        });
        on(routes, HttpResponseException.class, (e, ctx) -> answer(ctx, e.getStatus(), message(e, ctx)));
        on(routes, Exception.class, this::unexpected);
    }

    /**
     * A request may be over before its error is answered, and then touching it fails. Javalin takes an error of a handler of
     * errors as another one to handle, without end, so none may leave it.
     */
    static <E extends Exception> void on(RoutesConfig routes, Class<E> type, ExceptionHandler<E> handler) {
        routes.exception(type, (e, ctx) -> {
            try {
                handler.handle(e, ctx);
            } catch (Exception unanswerable) {
                unanswerable.addSuppressed(e);
                LOG.warn("An error could not be answered", unanswerable);
            }
        });
    }

    /** A read is answered with 202 while the package is being installed; a call, which is not made meanwhile, with 503. */
    private void notInstalled(NotInstalledException e, Context ctx) {
        Demand demand = e.demand();
        boolean read = List.of(HandlerType.GET, HandlerType.HEAD).contains(ctx.method());
        int status =
                switch (demand.kind()) {
                    case UNKNOWN -> 404;
                    case PENDING -> read ? 202 : 503;
                    case INSTALLED, ASKING, FAILED, BUSY -> 503;
                    case FULL -> 507;
                };
        demand.retryAfter().ifPresent(pause -> retryAfter(ctx, pause));
        String run = demand.run().map(id -> Routes.API + "/runs/" + id).orElse("");
        if (!run.isEmpty()) {
            ctx.header("Link", "<" + run + ">; rel=\"monitor\"");
        }
        answer(ctx, status, sentence(demand.message()) + (run.isEmpty() ? "" : " See " + run));
    }

    private static String sentence(String message) {
        return message.matches("(?s).*[.!?]") ? message : message + ".";
    }

    private static String message(HttpResponseException e, Context ctx) {
        boolean bare = e.getStatus() == 404
                && Objects.requireNonNullElse(e.getMessage(), "").matches("(?i)|not found|endpoint .*");
        return bare ? "There is nothing at " + ctx.path() : e.getMessage();
    }

    private void gist(GistException e, Context ctx) {
        switch (e.why()) {
            case REFUSED -> answer(ctx, 403, e.getMessage());
            case UNREACHABLE -> answer(ctx, 502, e.getMessage());
            case TOO_SLOW -> answer(ctx, 504, e.getMessage());
            case BUSY -> unavailable(ctx, e.getMessage());
            case DISK_FULL -> answer(ctx, 507, e.getMessage());
        }
    }

    private void unavailable(Context ctx, String message) {
        retryAfter(ctx, Duration.ofSeconds(1));
        answer(ctx, 503, message);
    }

    private static void retryAfter(Context ctx, Duration pause) {
        ctx.header("Retry-After", Long.toString(Math.max(1, pause.toSeconds())));
    }

    private void unexpected(Exception e, Context ctx) {
        if (clientLeft(e)) {
            LOG.debug("The client of {} did not take its answer", ctx.method(), e);
            return;
        }
        String id = kept.keep(e, ctx);
        LOG.error("Error {} on {} {}", id, ctx.method(), ctx.path(), e);
        answer(
                ctx,
                500,
                "Something went wrong here. The server's log says what, under error " + id + ".",
                Optional.of(id));
    }

    /** Whether the answer could not be sent since its client has gone, or takes nothing of it any more. */
    private static boolean clientLeft(Throwable e) {
        return e != null
                && (e instanceof EofException
                        || e instanceof SlowClientException
                        || (e instanceof IOException && e.getCause() instanceof TimeoutException)
                        || clientLeft(e.getCause()));
    }

    private void answer(Context ctx, int status, String message) {
        answer(ctx, status, message, Optional.empty());
    }

    private void answer(Context ctx, int status, String message, Optional<String> id) {
        ctx.status(status).header("Cache-Control", "no-store");
        if (ctx.path().startsWith(Routes.API + "/")) {
            problem(ctx, status, message);
            return;
        }
        String accept = Objects.requireNonNullElse(ctx.header("Accept"), "");
        boolean page = accept.contains("text/html");
        if (page && AppHosts.of(ctx.req()).isEmpty()) { // whose hosts have no pages of the server
            BuildPages.html(ctx, pages.page(status, message, id));
            ctx.header("Cache-Control", "no-store").header("Vary", "Accept");
        } else if (accept.contains("application/json") && !page) {
            ctx.json(Map.of("status", status, "message", message));
        } else {
            Answers.text(ctx, message + "\n");
        }
    }

    private static void problem(Context ctx, int status, String message) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", HttpStatus.forStatus(status).getMessage());
        problem.put("status", status);
        problem.put("detail", message);
        ctx.json(problem).contentType("application/problem+json");
    }
}
