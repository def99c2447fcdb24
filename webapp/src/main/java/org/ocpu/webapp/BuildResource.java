package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.sse.SseClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/** Builds in the JSON API. */
final class BuildResource {
    private static final int LISTED = 50;
    private static final int MOST = 200;

    private final BuildService builds;
    private final String base;
    private final ReaderGuard readers;

    /** @param base where the JSON API begins */
    BuildResource(BuildService builds, String base, ReaderGuard readers) {
        this.readers = readers;
        this.builds = builds;
        this.base = base;
    }

    void list(Context ctx) {
        Parameters query = Parameters.of(ctx, "owner", "app", "state", "author", "branch", "q", "before", "limit");
        page(ctx, query, query.app("app"));
    }

    void ofApp(Context ctx) {
        Parameters query = Parameters.of(ctx, "state", "author", "branch", "q", "before", "limit");
        AppName app = AppResource.name(ctx);
        readers.check(ctx, app);
        page(ctx, query, Optional.of(app));
    }

    private void page(Context ctx, Parameters query, Optional<AppName> app) {
        int limit = query.limit(LISTED, MOST);
        List<BuildView> found = builds.builds(new BuildQuery(
                query.text("owner"), app, query.state("state"), known(query), query.number("before"), limit + 1));
        List<BuildView> page = found.subList(0, Math.min(limit, found.size()));
        if (found.size() > limit) {
            query.linkNext(ctx, page.get(limit - 1).id());
        }
        ctx.json(page.stream()
                .filter(build -> readers.shows(ctx, build.app()))
                .map(BuildJson::of)
                .toList());
    }

    /** What people know the builds by that a query asks for. */
    static BuildQuery.KnownBy known(Parameters query) {
        return new BuildQuery.KnownBy(query.text("author"), query.text("branch"), query.text("q"));
    }

    void show(Context ctx) {
        ctx.json(BuildJson.of(readable(ctx)));
    }

    /** What is refused is refused before the answer has begun; what is not there is told by {@link #events}. */
    void beforeEvents(Context ctx) {
        number(ctx.pathParam("id")).flatMap(builds::build).ifPresent(build -> readers.checkBuild(ctx, build.app()));
    }

    /** The build that an address names, for those who may know of it. */
    private BuildView readable(Context ctx) {
        BuildView build = build(ctx, builds);
        readers.checkBuild(ctx, build.app());
        return build;
    }

    /** The log as text, so far; a {@code Range} gets what came since. */
    void log(Context ctx) {
        BuildView build = readable(ctx);
        Path log = builds.log(build.id()).orElseThrow(NotFoundResponse::new);
        if (Parameters.of(ctx, "download").flag("download")) {
            ctx.header("Content-Disposition", "attachment; filename=\"build-%d.log\"".formatted(build.id()));
        }
        StaticFiles.serve(ctx, log.getParent(), log.getFileName().toString(), "no-cache");
    }

    /**
     * The build as server-sent events until it is finished.
     *
     * <p>{@code line} is a line of the log with its number as id, and with {@code html=true} with what pages show of it, {@code state} the build as {@link #show} has it, {@code
     * end} comes last. The log starts after {@code Last-Event-ID}, or after the line that {@code after} names.
     */
    void events(SseClient client) {
        client.keepAlive();
        Context ctx = client.ctx();
        try {
            boolean html = "true".equals(ctx.queryParam("html"));
            new BuildEvents(builds, client, build(ctx, builds).id(), html).follow(after(ctx));
        } catch (NotFoundResponse missing) {
            client.sendEvent("end", Map.of("message", "no such build"));
            client.close();
        }
    }

    /**
     * All builds as server-sent events: {@code state} is one that has changed, as {@link #show} has it, and with {@code html=true}
     * with its row on the page of builds. Only those are told of whose apps whoever asks may know.
     */
    void allEvents(SseClient client) {
        client.keepAlive();
        Context ctx = client.ctx();
        Predicate<AppName> shown = readers.shown(ctx);
        boolean html = "true".equals(ctx.queryParam("html"));
        new BuildStates(builds, client, build -> shown.test(build.app()), build -> json(build, html)).follow();
    }

    private static Map<String, ?> json(BuildView build, boolean html) {
        Map<String, Object> json = BuildJson.of(build);
        if (html) {
            json.put("html", BuildRow.of(build, Instant.now()).text());
        }
        return json;
    }

    private static long after(Context ctx) {
        return number(ctx.header("Last-Event-ID"))
                .or(() -> number(ctx.queryParam("after")))
                .orElse(0L);
    }

    void rebuild(Context ctx) {
        accepted(ctx, builds.rebuild(id(ctx)));
    }

    /** Builds what the app's newest build built; not one that came too late. */
    void rebuildApp(Context ctx) {
        AppName app = AppResource.name(ctx);
        BuildQuery query =
                new BuildQuery(Optional.empty(), Optional.of(app), Optional.empty(), OptionalLong.empty(), MOST);
        BuildView newest = builds.builds(query).stream()
                .filter(build -> build.state() != State.SUPERSEDED)
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("Nothing of " + app + " has been built here."));
        accepted(ctx, builds.rebuild(newest.id()));
    }

    void cancel(Context ctx) {
        accepted(ctx, builds.cancel(id(ctx)));
    }

    /** 202, since it goes on after this answer. */
    private void accepted(Context ctx, BuildView build) {
        ctx.status(202).header("Location", base + "/builds/" + build.id()).json(BuildJson.of(build));
    }

    /** The build that an address names. */
    static BuildView build(Context ctx, BuildService builds) {
        return builds.build(id(ctx)).orElseThrow(NotFoundResponse::new);
    }

    /** The number in an address. */
    static long id(Context ctx) {
        return number(ctx.pathParam("id")).orElseThrow(NotFoundResponse::new);
    }

    private static Optional<Long> number(String text) {
        return Optional.ofNullable(text)
                .filter(digits -> digits.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }
}
