package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.app.BadRequestException;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.VersionView;

/** Handlers of the pages for people: the builds, one build and its log. */
final class BuildPages {
    private static final int LISTED = 50;

    private final BuildService builds;
    private final Frame frame;
    private final ReaderGuard readers;

    BuildPages(BuildService builds, Frame frame, ReaderGuard readers) {
        this.readers = readers;
        this.builds = builds;
        this.frame = frame;
    }

    /** {@code GET /builds?q=&state=&app=&author=&before=}: the builds that are looked for. */
    void list(Context ctx) {
        Map<String, String> asked = UrlEncodedForm.query(ctx);
        BuildListHtml page = new BuildListHtml(frame, BuildFilter.filledIn(asked), Instant.now());
        try {
            list(ctx, page, BuildFilter.of(asked, LISTED + 1));
        } catch (BadRequestException e) {
            ctx.status(400);
            html(ctx, page.refusal(e.getMessage()));
        }
    }

    private void list(Context ctx, BuildListHtml page, BuildFilter filter) {
        List<BuildView> found = builds.builds(filter.query());
        List<BuildView> listed = found.subList(0, Math.min(LISTED, found.size()));
        List<BuildView> shown =
                listed.stream().filter(build -> readers.shows(ctx, build.app())).toList();
        OptionalLong next =
                found.size() > LISTED ? OptionalLong.of(listed.get(LISTED - 1).id()) : OptionalLong.empty();
        html(ctx, page.page(shown, next));
    }

    /** {@code GET /builds/{id}}: one build with its log so far, or with {@code log=none} without. */
    void show(Context ctx) {
        BuildView build = BuildResource.build(ctx, builds);
        readers.checkBuild(ctx, build.app());
        List<String> log = "none".equals(ctx.queryParam("log")) ? List.of() : lines(build);
        Optional<VersionView> version = builds.app(build.app()).stream()
                .flatMap(app -> app.versions().stream())
                .filter(one -> one.build() == build.id())
                .findFirst();
        BuildHtml.Shown shown = new BuildHtml.Shown(build, version, builds.commitPage(build));
        html(ctx, new BuildHtml(frame, Instant.now()).page(shown, log));
    }

    /** {@code GET /builds/{id}/log}: where the log is now. */
    void log(Context ctx) {
        String query = ctx.queryString() == null ? "" : "?" + ctx.queryString();
        Answers.redirectTo(ctx, Routes.API + ctx.req().getRequestURI() + query);
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
