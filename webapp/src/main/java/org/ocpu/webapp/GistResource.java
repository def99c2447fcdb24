package org.ocpu.webapp;

import io.javalin.http.Context;
import java.nio.file.Path;
import java.util.Optional;
import org.ocpu.app.RpcService;
import org.ocpu.app.ScriptSource;
import org.ocpu.builder.Gist;
import org.ocpu.builder.Gists;
import org.ocpu.webapp.WebConfig.MaxAge;

/** Gists: their files, and the scripts among them. */
final class GistResource {
    private final RpcService rpc;
    private final Gists gists;
    private final Answers answers;
    private final CallReader calls;
    private final WebConfig config;

    /** @param gists where they come from */
    GistResource(Gists gists, RpcService rpc, Answers answers, CallReader calls, WebConfig config) {
        this.gists = gists;
        this.rpc = rpc;
        this.answers = answers;
        this.calls = calls;
        this.config = config;
    }

    /** A file, or the names of those in a directory. */
    void file(Context ctx) {
        try (Gist gist = open(ctx)) {
            StaticFiles.serve(ctx, gist.directory(), path(ctx), config.cacheControl(MaxAge.GIST));
        }
    }

    /** Runs a script. */
    void run(Context ctx) {
        try (Gist gist = open(ctx)) {
            Path script = StaticFiles.script(gist.directory(), path(ctx));
            ScriptSource source = new ScriptSource(gist.place(), gist.commit());
            answers.made(
                    ctx,
                    rpc.by(Crowd.client(ctx))
                            .run(source, script, calls.arguments(ctx), Answers.output(ctx, Optional.empty())));
        }
    }

    /** An old copy says that it may be (RFC 7234, section 5.5). */
    private Gist open(Context ctx) {
        Gist gist = gists.open(ctx.pathParam("user"), ctx.pathParam("gist"));
        gist.problem().ifPresent(problem -> ctx.header("Warning", "111 ocpu \"" + quotable(problem) + "\""));
        return gist;
    }

    private static String quotable(String text) {
        return text.replaceAll("[^ -~]|[\"\\\\]", "?");
    }

    private static String path(Context ctx) {
        return ctx.pathParamMap().getOrDefault("path", "");
    }
}
