package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;

/** Handlers of the pages for people: the hosted apps, the builds, one build and its log. */
final class BuildPages {
    private static final int LISTED = 200;

    private final BuildService builds;
    private final String root;
    private final ReaderGuard readers;
    private final Pages pages;
    private final Assets assets =
            new Assets("assets/", "ocpu.css", "ocpu.svg", "build.js", "sync.js", "plan.js", "token.js");

    BuildPages(BuildService builds, Frame frame, ReaderGuard readers) {
        this.readers = readers;
        this.builds = builds;
        this.root = frame.root();
        this.pages = new Pages(frame);
    }

    /** {@code GET /}: the hosted apps. */
    void index(Context ctx) {
        List<AppView> apps = builds.apps().stream()
                .filter(app -> readers.shows(ctx, app.name()))
                .toList();
        String webhook = ctx.scheme() + "://" + Objects.requireNonNullElse(ctx.host(), "localhost") + root + "/webhook";
        html(ctx, pages.index(apps, newest(ctx), webhook));
    }

    /** {@code GET /builds}: recent builds. */
    void list(Context ctx) {
        html(ctx, pages.builds(newest(ctx)));
    }

    private List<BuildView> newest(Context ctx) {
        return builds.builds(BuildQuery.newest(LISTED)).stream()
                .filter(build -> readers.shows(ctx, build.app()))
                .toList();
    }

    /** {@code GET /builds/{id}}: one build with its log so far. */
    void show(Context ctx) {
        BuildView build = BuildResource.build(ctx, builds);
        readers.checkBuild(ctx, build.app());
        html(ctx, pages.build(build, lines(build)));
    }

    /** {@code GET /builds/{id}/log}: where the log is now. */
    void log(Context ctx) {
        Answers.redirectTo(ctx, Routes.API + ctx.req().getRequestURI());
    }

    /** {@code GET /assets/{name}}: a file of the pages. */
    void asset(Context ctx) {
        BrowserPolicy.data(ctx);
        assets.serve(ctx, ctx.pathParam("name"));
    }

    /** The complete lines of a log that may be growing. */
    private List<String> lines(BuildView build) {
        Optional<Path> log = builds.log(build.id());
        if (log.isEmpty()) {
            return List.of();
        }
        try {
            String text = new String(Files.readAllBytes(log.get()), UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void html(Context ctx, Html page) {
        BrowserPolicy.page(ctx);
        ctx.header("Cache-Control", "no-cache").html(page.text()).contentType("text/html;charset=utf-8");
    }
}
