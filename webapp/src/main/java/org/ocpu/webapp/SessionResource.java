package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.RpcService;
import org.ocpu.app.Session;

/** What a session holds, below {@code /ocpu/tmp/{key}}. */
final class SessionResource {
    private final RpcService rpc;
    private final CallReader calls;

    SessionResource(RpcService rpc, CallReader calls) {
        this.rpc = rpc;
        this.calls = calls;
    }

    private Session session(Context ctx) {
        Session session = rpc.session(ctx.pathParam("key"));
        ctx.header("Cache-Control", Answers.STABLE);
        return session;
    }

    void entries(Context ctx) {
        Answers.lines(ctx, session(ctx).entries());
    }

    void objects(Context ctx) {
        Answers.lines(ctx, session(ctx).objects());
    }

    void object(Context ctx) {
        Answers.rendered(ctx, rpc.object(session(ctx), ctx.pathParam("object"), Answers.output(ctx)));
    }

    void call(Context ctx) {
        Session session = rpc.session(ctx.pathParam("key"));
        Answers.made(ctx, rpc.call(session, ctx.pathParam("object"), calls.arguments(ctx), Answers.output(ctx)));
    }

    void plots(Context ctx) {
        Answers.lines(
                ctx,
                IntStream.rangeClosed(1, session(ctx).plots())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    void plot(Context ctx) {
        Answers.rendered(ctx, rpc.plot(session(ctx), ctx.pathParam("n"), Answers.output(ctx)));
    }

    void files(Context ctx) {
        Answers.lines(ctx, session(ctx).files());
    }

    void file(Context ctx) {
        Session session = session(ctx);
        String path = ctx.pathParam("path");
        Path root = session.filesDirectory();
        if (path.equals("DESCRIPTION") && !root.resolve(path).toFile().exists()) {
            Answers.text(ctx, session.description());
        } else {
            StaticFiles.serve(ctx, root, path, Answers.STABLE);
        }
    }

    void info(Context ctx) {
        Answers.rendered(ctx, rpc.sessionInfo(session(ctx)));
    }

    void toText(Context ctx) {
        String name = name(ctx);
        if (!session(ctx).texts().contains(name)) {
            throw none(name);
        }
        ctx.redirect(ctx.path() + "/text");
    }

    /** {@code stdout}, {@code console}, {@code source}, {@code messages}, {@code warnings}: read without R. */
    void text(Context ctx) {
        String name = name(ctx);
        InputStream text = session(ctx).text(name).orElseThrow(() -> none(name));
        ctx.contentType("text/plain; charset=utf-8").result(text);
    }

    private static String name(Context ctx) {
        String name = ctx.pathParam("text");
        if (!Session.isText(name)) {
            throw new NotFoundException("A session has no '" + name + "'. See its list at /ocpu/tmp/{key}/");
        }
        return name;
    }

    private static NotFoundException none(String name) {
        return new NotFoundException("The call left no " + name + ".");
    }
}
