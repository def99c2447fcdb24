package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;

/** Handlers of the pages for people: the builds, one build and its log. */
final class BuildPages {
    private static final int LISTED = 200;

    private final BuildService builds;
    private final ReaderGuard readers;
    private final BuildHtml pages;

    BuildPages(BuildService builds, Frame frame, ReaderGuard readers) {
        this.readers = readers;
        this.builds = builds;
        this.pages = new BuildHtml(frame);
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
