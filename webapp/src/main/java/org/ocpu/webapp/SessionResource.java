package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.Reading;
import org.ocpu.app.RpcService;
import org.ocpu.app.Session;
import org.ocpu.app.SessionArchive;
import org.ocpu.webapp.WebConfig.MaxAge;

/** What a session holds, below {@code tmp/{key}}. */
final class SessionResource {
    private final RpcService rpc;
    private final Answers answers;
    private final CallReader calls;
    private final WebConfig config;

    SessionResource(RpcService rpc, Answers answers, CallReader calls, WebConfig config) {
        this.rpc = rpc;
        this.answers = answers;
        this.calls = calls;
        this.config = config;
    }

    /** Whose address goes to no other site that a page of the session links to. */
    private Session session(Context ctx) {
        Session session = rpc.session(ctx.pathParam("key"));
        ctx.header("Cache-Control", ReaderGuard.cacheControl(ctx, answers.cacheControl(MaxAge.TMP, session)))
                .header("Referrer-Policy", "no-referrer");
        return session;
    }

    void entries(Context ctx) {
        Answers.lines(ctx, session(ctx).entries());
    }

    void objects(Context ctx) {
        Answers.lines(ctx, session(ctx).objects());
    }

    void objectFormats(Context ctx) {
        String name = ctx.pathParam("object");
        if (!session(ctx).objects().contains(name)) {
            throw new NotFoundException("The session has no object '" + name + "'.");
        }
        Answers.redirect(ctx, "/print");
    }

    void object(Context ctx) {
        answers.read(ctx, Reading.object(session(ctx), ctx.pathParam("object"), Answers.output(ctx)));
    }

    void call(Context ctx) {
        Session session = rpc.session(ctx.pathParam("key"));
        answers.made(
                ctx,
                rpc.by(Crowd.client(ctx))
                        .call(session, ctx.pathParam("object"), calls.arguments(ctx), Answers.output(ctx)));
    }

    /** The numbers from 1, and {@code last}. */
    void plots(Context ctx) {
        int plots = session(ctx).plots();
        Stream<String> numbers = IntStream.rangeClosed(1, plots).mapToObj(Integer::toString);
        Answers.lines(
                ctx,
                Stream.concat(numbers, plots > 0 ? Stream.of("last") : Stream.empty())
                        .toList());
    }

    void plotFormats(Context ctx) {
        session(ctx).plotNumber(ctx.pathParam("n"));
        Answers.redirect(ctx, "/png");
    }

    void plot(Context ctx) {
        answers.read(ctx, Reading.plot(session(ctx), ctx.pathParam("n"), Answers.output(ctx)));
    }

    void file(Context ctx) {
        Session session = session(ctx);
        String path = ctx.pathParamMap().getOrDefault("path", "");
        Path root = session.filesDirectory();
        boolean list = path.isEmpty() && ctx.req().getRequestURI().endsWith("/");
        if (list && !Files.exists(root.resolve("index.html"))) {
            Answers.lines(ctx, session.topFiles());
        } else if (path.equals("DESCRIPTION") && !Files.exists(root.resolve(path))) {
            Answers.text(ctx, session.description());
        } else {
            StaticFiles.serve(ctx, root, path, answers.cacheControl(MaxAge.TMP, session));
        }
    }

    /** Runs a script. */
    void run(Context ctx) {
        Session session = rpc.session(ctx.pathParam("key"));
        Path script = StaticFiles.script(session.filesDirectory(), ctx.pathParam("path"));
        answers.made(
                ctx,
                rpc.by(Crowd.client(ctx))
                        .run(session, script, calls.arguments(ctx), Answers.output(ctx, Optional.empty())));
    }

    void info(Context ctx) {
        answers.read(ctx, Reading.sessionInfo(session(ctx), Answers.output(ctx)));
    }

    void zip(Context ctx) {
        archive(ctx, "application/zip", ".zip", SessionArchive::zip);
    }

    void tar(Context ctx) {
        archive(ctx, "application/x-gzip", ".tar.gz", SessionArchive::tar);
    }

    private void archive(Context ctx, String type, String extension, Packing packing) {
        Session session = session(ctx);
        try (SessionArchive archive = rpc.by(Crowd.client(ctx)).archive(session)) {
            ctx.disableCompression().contentType(type);
            Answers.attachment(ctx, session.key().value() + extension);
            packing.write(archive, ctx.outputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A way to make one file of a session. */
    @FunctionalInterface
    private interface Packing {
        void write(SessionArchive archive, java.io.OutputStream out) throws IOException;
    }

    /** {@code stdout}, {@code console}, {@code source}, {@code messages}, {@code warnings}: as text read without R. */
    void text(Context ctx) {
        String name = ctx.pathParam("text");
        if (!Session.isText(name)) {
            throw new NotFoundException(
                    "A session has no '" + name + "'. Its list at " + config.root() + "/tmp/{key}/ tells what it has.");
        }
        Session session = session(ctx);
        String format = ctx.pathParamMap().getOrDefault("format", "");
        if (format.isEmpty()) {
            Answers.redirect(ctx, "/text");
        } else if (format.equals("text")) {
            ctx.contentType("text/plain; charset=utf-8")
                    .result(session.text(name).orElseGet(InputStream::nullInputStream));
        } else {
            answers.read(ctx, Reading.text(session, name, Answers.output(ctx)));
        }
    }
}
