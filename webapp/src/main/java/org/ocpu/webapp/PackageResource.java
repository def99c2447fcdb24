package org.ocpu.webapp;

import io.javalin.http.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ocpu.app.Manuals;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.PackageRef;
import org.ocpu.app.Reading;
import org.ocpu.app.RpcService;
import org.ocpu.app.SyncedLibrary;
import org.ocpu.webapp.WebConfig.MaxAge;

/** What every package has, whichever library it is in. */
final class PackageResource {
    private static final String PAGE = ".html";

    private final RpcService rpc;
    private final Answers answers;
    private final CallReader calls;
    private final WebConfig config;
    private final HostedPages pages;

    PackageResource(RpcService rpc, Answers answers, CallReader calls, WebConfig config, HostedPages pages) {
        this.pages = pages;
        this.rpc = rpc;
        this.answers = answers;
        this.calls = calls;
        this.config = config;
    }

    /** To the package's own page if it has one. */
    void home(Context ctx, PackageRef ref) {
        if (!ctx.req().getRequestURI().endsWith("/")) {
            Answers.redirect(ctx, "/");
            return;
        }
        Answers.redirect(ctx, Files.isDirectory(ref.directory().resolve("www")) ? "/www/" : "/info");
    }

    void info(Context ctx, PackageRef ref) {
        read(ctx, ref, Reading.description(ref));
    }

    void objects(Context ctx, PackageRef ref) {
        read(ctx, ref, Reading.objects(ref));
    }

    void object(Context ctx, PackageRef ref) {
        read(ctx, ref, Reading.object(ref, ctx.pathParam("object"), Answers.output(ctx)));
    }

    void dataSets(Context ctx, PackageRef ref) {
        read(ctx, ref, Reading.dataSets(ref));
    }

    void dataSet(Context ctx, PackageRef ref) {
        read(ctx, ref, Reading.dataSet(ref, ctx.pathParam("object"), Answers.output(ctx)));
    }

    private void read(Context ctx, PackageRef ref, Reading reading) {
        answers.cacheable(ctx, maxAge(ref));
        answers.read(ctx, reading);
    }

    void manuals(Context ctx, PackageRef ref) {
        answers.cacheable(ctx, maxAge(ref));
        Answers.lines(ctx, rpc.manuals(ref).topics());
    }

    /** An alias redirects to the page that describes it. */
    void manual(Context ctx, PackageRef ref) {
        String asked = ctx.pathParam("topic");
        Optional<String> format = Optional.ofNullable(ctx.pathParamMap().get("format"));
        Manuals manuals = rpc.manuals(ref);
        String topic = manuals.topic(asked)
                .orElseThrow(() ->
                        new NotFoundException("Package " + ref.name() + " has no manual page on '" + asked + "'."));
        if (!topic.equals(asked)) {
            String path = ctx.req().getRequestURI().replaceAll("/+", "/");
            String start = path.substring(0, path.indexOf("/man/") + 5);
            Answers.redirectTo(ctx, start + UrlEncodedForm.segment(topic) + "/" + format.orElse(""));
        } else if (format.isEmpty()) {
            Answers.redirect(ctx, "/text");
        } else {
            read(ctx, ref, Reading.manual(ref, manuals.alias(topic), format.get()));
        }
    }

    /** The index that R made when it installed the package. */
    void helpIndex(Context ctx, PackageRef ref) {
        StaticFiles.file(ctx, ref.directory(), "html/00Index.html", config.cacheControl(maxAge(ref)));
    }

    /** A page of R's help system, or a file beside its index. */
    void helpPage(Context ctx, PackageRef ref) {
        String page = ctx.pathParam("page");
        if (page.endsWith(PAGE) && !page.equals("00Index.html")) {
            String topic = page.substring(0, page.length() - PAGE.length());
            read(ctx, ref, Reading.helpPage(ref, topic));
        } else {
            file(ctx, ref, "html/" + page);
        }
    }

    /** Any installed file. */
    void file(Context ctx, PackageRef ref, String path) {
        if (pages.here(ctx, ref, path)) {
            StaticFiles.serve(ctx, ref.directory(), path, config.cacheControl(maxAge(ref)));
        }
    }

    void call(Context ctx, PackageRef ref) {
        answers.made(
                ctx,
                rpc.by(Crowd.client(ctx))
                        .call(ref, ctx.pathParam("object"), calls.arguments(ctx), Answers.output(ctx)));
    }

    /** Runs a script. */
    void run(Context ctx, PackageRef ref, String path) {
        Path script = StaticFiles.script(ref.directory(), path);
        answers.made(
                ctx,
                rpc.by(Crowd.client(ctx))
                        .run(ref, script, calls.arguments(ctx), Answers.output(ctx, Optional.empty())));
    }

    /** An app changes with the next push, a synced package with the next run, another one seldom. */
    private static MaxAge maxAge(PackageRef ref) {
        String kind = ref.place().replaceFirst("/.*", "");
        return kind.equals("apps") || SyncedLibrary.NAMES.contains(kind) ? MaxAge.APPS : MaxAge.LIB;
    }
}
