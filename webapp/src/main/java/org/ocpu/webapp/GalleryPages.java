package org.ocpu.webapp;

import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** Handler of the page of all hosted apps. */
final class GalleryPages {
    private static final int LONGEST = 200;

    private final BuildService builds;
    private final Frame frame;
    private final ReaderGuard readers;

    GalleryPages(BuildService builds, Frame frame, ReaderGuard readers) {
        this.builds = builds;
        this.frame = frame;
        this.readers = readers;
    }

    /** {@code GET /?q=&owner=&page=}: the hosted apps that are looked for. */
    void index(Context ctx) {
        List<AppView> apps = builds.apps().stream()
                .filter(app -> readers.shows(ctx, app.name()))
                .toList();
        Gallery asked = asked(ctx);
        Map<String, BuildView> newest = newest();
        String webhook =
                ctx.scheme() + "://" + Objects.requireNonNullElse(ctx.host(), "localhost") + frame.root() + "/webhook";
        BuildPages.html(ctx, new GalleryHtml(frame, Instant.now()).page(asked, asked.in(apps), newest, webhook));
    }

    private static Gallery asked(Context ctx) {
        String text = Objects.requireNonNullElse(ctx.queryParam("q"), "");
        String page = Objects.requireNonNullElse(ctx.queryParam("page"), "1");
        return new Gallery(
                text.substring(0, Math.min(LONGEST, text.length())),
                Optional.ofNullable(ctx.queryParam("owner")).filter(owner -> !owner.isBlank()),
                page.matches("\\d{1,6}") ? Integer.parseInt(page) : 1);
    }

    private Map<String, BuildView> newest() {
        return builds.builds(BuildQuery.newest(200)).stream()
                .filter(build -> build.state() != State.SUPERSEDED && build.state() != State.CANCELLED)
                .collect(Collectors.toMap(build -> build.app().key(), Function.identity(), (newer, older) -> newer));
    }
}
