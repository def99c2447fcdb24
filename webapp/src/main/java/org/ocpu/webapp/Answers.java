package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.app.CacheState;
import org.ocpu.app.Content;
import org.ocpu.app.Made;
import org.ocpu.app.Output;
import org.ocpu.app.Reading;
import org.ocpu.app.Rendered;
import org.ocpu.app.RpcService;
import org.ocpu.app.Session;
import org.ocpu.app.SessionKey;
import org.ocpu.webapp.WebConfig.MaxAge;

/** The forms that the API's answers take. */
final class Answers {
    private static final String CACHE = "X-ocpu-cache";

    private final RpcService rpc;
    private final WebConfig config;

    Answers(RpcService rpc, WebConfig config) {
        this.rpc = rpc;
        this.config = config;
    }

    /** Says how long a client may keep the answer. */
    void cacheable(Context ctx, MaxAge kind) {
        ctx.header("Cache-Control", ReaderGuard.cacheControl(ctx, config.cacheControl(kind)));
    }

    /** How long a client may keep what a session holds: not longer than the server does. */
    String cacheControl(MaxAge kind, Session session) {
        return config.cacheControl(kind, rpc.left(session));
    }

    /** Text, a line each. */
    static void lines(Context ctx, List<String> lines) {
        text(ctx, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    static void text(Context ctx, String text) {
        ctx.contentType("text/plain; charset=utf-8").result(text);
    }

    /** Bytes that clients ask for anew each time, or 304 when they have them. */
    static void tagged(Context ctx, String mediaType, byte[] bytes) {
        String etag = "W/\"%08x\"".formatted(Arrays.hashCode(bytes));
        ctx.header("ETag", etag).header("Cache-Control", "no-cache");
        if (Validators.matches(ctx, etag)) {
            ctx.status(304);
        } else {
            ctx.contentType(mediaType).result(bytes);
        }
    }

    /** What is read, or 304 when the client names its tag, which needs no look at it. */
    void read(Context ctx, Reading reading) {
        String etag = rpc.etag(reading);
        boolean named = !Objects.equals(ctx.header("If-None-Match"), "*"); // which would be for whatever is there
        if (named && Validators.matches(ctx, etag)) {
            BrowserPolicy.forType(
                    ctx, "application/" + ctx.pathParamMap().get("format")); // they take it for the kept one
            ctx.header("ETag", etag).header(CACHE, CacheState.HIT.name()).status(304);
        } else {
            Rendered rendered = rpc.by(Crowd.client(ctx)).read(wantsFresh(ctx) ? reading.fresh() : reading);
            ctx.header("ETag", etag); // not before: errors have none
            rendered(ctx, rendered);
        }
    }

    private static void rendered(Context ctx, Rendered rendered) {
        ctx.header(CACHE, rendered.cache().name());
        if (rendered.mediaType().isEmpty()) {
            ctx.contentType(MediaTypes.of(rendered.filename().orElse("")));
        } else {
            ctx.contentType(rendered.mediaType().get());
            BrowserPolicy.forType(ctx, rendered.mediaType().get());
            rendered.filename().ifPresent(name -> attachment(ctx, name));
        }
        try (Content content = rendered.content()) {
            if (content instanceof Content.InMemory memory) {
                Ranges.send(ctx, memory.bytes());
            } else if (content instanceof Content.OnDisk disk) {
                Ranges.send(ctx, disk.file(), disk.length(), Ranges.NEVER);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void attachment(Context ctx, String filename) {
        ctx.header(
                "Content-Disposition",
                "attachment;filename=\"" + filename.replaceAll("[\"\\\\\\p{Cntrl}]", "_") + "\"");
    }

    /** 201 with the value in the format asked for, or with the paths of all that the new session holds. */
    void made(Context ctx, Made made) {
        session(ctx, made.key());
        ctx.header(
                "Cache-Control",
                ReaderGuard.cacheControl(
                        ctx, cacheControl(MaxAge.POST, rpc.session(made.key().value()))));
        ctx.status(201).header(CACHE, made.cache().name());
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
    void session(Context ctx, SessionKey key) {
        ctx.header("X-ocpu-session", key.value());
        ctx.header("Location", ctx.scheme() + "://" + ctx.host() + path(key));
    }

    private String path(SessionKey key) {
        return config.root() + "/tmp/" + key.value() + "/";
    }

    /** To the same address with something added; doubled slashes go, since a browser takes //name for a host. */
    static void redirect(Context ctx, String suffix) {
        String path = ctx.req().getRequestURI().replaceAll("/+", "/").replaceAll("/$", "");
        redirectTo(ctx, path + suffix + (ctx.queryString() == null ? "" : "?" + ctx.queryString()));
    }

    /** @param asked path of the whole API, encoded; on the host of an app's owner it may be a shorter one */
    static void redirectTo(Context ctx, String asked) {
        String path = AppHosts.seen(ctx.req(), asked);
        ctx.redirect(path);
        text(ctx, "Redirect to " + ctx.scheme() + "://" + ctx.host() + path + "\n");
    }

    /** To another host of this server. */
    static void redirectOut(Context ctx, URI address) {
        String there = address + (ctx.queryString() == null ? "" : "?" + ctx.queryString());
        ctx.header("Cache-Control", "no-cache").redirect(there);
        text(ctx, "Redirect to " + there + "\n");
    }

    /** The format that the address ends in, and the query as its options. */
    static Output output(Context ctx) {
        return output(ctx, Optional.ofNullable(ctx.pathParamMap().get("format")));
    }

    static Output output(Context ctx, Optional<String> format) {
        Map<String, String> options = UrlEncodedForm.query(ctx);
        return new Output(format, options, wantsFresh(ctx));
    }

    private static boolean wantsFresh(Context ctx) {
        String control = Objects.requireNonNullElse(ctx.header("Cache-Control"), "");
        return control.toLowerCase(Locale.ROOT).contains("no-cache");
    }
}
