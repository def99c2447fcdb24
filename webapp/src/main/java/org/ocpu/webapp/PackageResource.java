package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;

/** What every package has, whichever library it is in. */
final class PackageResource {
    private final RpcService rpc;
    private final CallReader calls;

    PackageResource(RpcService rpc, CallReader calls) {
        this.rpc = rpc;
        this.calls = calls;
    }

    /** To the package's own page if it has one. */
    void home(Context ctx, PackageRef ref) {
        boolean page = Files.isDirectory(ref.directory().resolve("www"));
        ctx.redirect(ctx.path() + (page ? "www/" : "info"));
    }

    /** The installed DESCRIPTION. */
    void info(Context ctx, PackageRef ref) {
        try {
            cacheable(ctx, ref);
            Answers.text(ctx, Files.readString(ref.directory().resolve("DESCRIPTION")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void exports(Context ctx, PackageRef ref) {
        cacheable(ctx, ref);
        Answers.rendered(ctx, rpc.exports(ref));
    }

    void object(Context ctx, PackageRef ref) {
        cacheable(ctx, ref);
        Answers.rendered(ctx, rpc.object(ref, ctx.pathParam("object"), Answers.output(ctx)));
    }

    void call(Context ctx, PackageRef ref) {
        Answers.made(ctx, rpc.call(ref, ctx.pathParam("object"), calls.arguments(ctx), Answers.output(ctx)));
    }

    void www(Context ctx, PackageRef ref, String path) {
        StaticFiles.serve(ctx, ref.directory().resolve("www"), path, Answers.REVALIDATE);
    }

    /** An app changes with the next push, a global package seldom. */
    private static void cacheable(Context ctx, PackageRef ref) {
        ctx.header("Cache-Control", ref.place().startsWith("apps/") ? Answers.REVALIDATE : "max-age=300, public");
    }
}
