package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;

/** How apps are, for other sites to show: badges, and feeds of builds. */
final class AppStatus {
    /** More than a feed has, since some of them may be unfinished. */
    private static final int LOOKED_AT = 100;

    private final BuildService builds;
    private final WebConfig config;
    private final ReaderGuard readers;

    AppStatus(BuildService builds, WebConfig config, ReaderGuard readers) {
        this.readers = readers;
        this.builds = builds;
        this.config = config;
    }

    /** Of what is not known, a grey picture: browsers show it, and the status tells programs. */
    void badge(Context ctx) {
        AppName name = AppResource.name(ctx);
        readers.check(ctx, name);
        List<BuildView> newest = Badge.TELLING.stream()
                .flatMap(state -> builds.builds(Badge.newest(name, Optional.of(state))).stream())
                .toList();
        Badge badge = Badge.of(name, builds.app(name), newest);
        if (badge.known()) {
            Answers.tagged(ctx, "image/svg+xml;charset=utf-8", badge.svg().getBytes(UTF_8));
        } else {
            ctx.status(404).header("Cache-Control", "no-cache");
            ctx.contentType("image/svg+xml;charset=utf-8").result(badge.svg());
        }
    }

    void feed(Context ctx) {
        String owner = ctx.pathParam("owner");
        BuildQuery query =
                new BuildQuery(Optional.of(owner), Optional.empty(), Optional.empty(), OptionalLong.empty(), LOOKED_AT);
        List<BuildView> found = builds.builds(query).stream()
                .filter(build -> readers.shows(ctx, build.app()))
                .toList();
        if (found.isEmpty()) {
            throw new NotFoundResponse("Nothing of " + owner + " has been built here.");
        }
        String spelt = found.get(0).app().owner();
        String path = config.root() + "/apps/" + spelt + "/builds.atom";
        BuildFeed feed = new BuildFeed(config.site(), path, spelt, found);
        Answers.tagged(ctx, "application/atom+xml;charset=utf-8", feed.xml());
    }
}
