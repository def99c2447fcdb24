package org.ocpu.webapp;

import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;

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
        Gallery.Found found = asked.in(apps);
        Map<AppName, BuildView> newest =
                builds.newestBuilds(found.shown().stream().map(AppView::name).toList());
        String webhook =
                ctx.scheme() + "://" + Objects.requireNonNullElse(ctx.host(), "localhost") + frame.root() + "/webhook";
        BuildPages.html(ctx, new GalleryHtml(frame, Instant.now()).page(asked, found, newest, webhook));
    }

    private static Gallery asked(Context ctx) {
        String text = Objects.requireNonNullElse(ctx.queryParam("q"), "");
        String page = Objects.requireNonNullElse(ctx.queryParam("page"), "1");
        return new Gallery(
                text.substring(0, Math.min(LONGEST, text.length())),
                Optional.ofNullable(ctx.queryParam("owner")).filter(owner -> !owner.isBlank()),
                page.matches("\\d{1,6}") ? Integer.parseInt(page) : 1);
    }
}
