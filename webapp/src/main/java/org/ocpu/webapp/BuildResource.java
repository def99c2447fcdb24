package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;

/** Builds in the JSON API. */
final class BuildResource {
    private static final int LISTED = 50;
    private static final int MOST = 200;

    private final BuildService builds;
    private final String base;

    /** @param base where the JSON API begins */
    BuildResource(BuildService builds, String base) {
        this.builds = builds;
        this.base = base;
    }

    void list(Context ctx) {
        Parameters query = Parameters.of(ctx, "owner", "app", "state", "before", "limit");
        page(ctx, query, query.app("app"));
    }

    void ofApp(Context ctx) {
        Parameters query = Parameters.of(ctx, "state", "before", "limit");
        page(ctx, query, Optional.of(AppResource.name(ctx)));
    }

    private void page(Context ctx, Parameters query, Optional<AppName> app) {
        int limit = query.limit(LISTED, MOST);
        List<BuildView> found = builds.builds(
                new BuildQuery(query.text("owner"), app, query.state("state"), query.number("before"), limit + 1));
        List<BuildView> page = found.subList(0, Math.min(limit, found.size()));
        if (found.size() > limit) {
            ctx.header("Link", "<" + next(ctx, query, page.get(limit - 1).id()) + ">; rel=\"next\"");
        }
        ctx.json(page.stream().map(BuildJson::of).toList());
    }

    private static String next(Context ctx, Parameters query, long last) {
        List<String> pairs = new ArrayList<>(List.of("before=" + last));
        query.values().forEach((name, value) -> {
            if (!name.equals("before")) {
                pairs.add(name + "=" + URLEncoder.encode(value, UTF_8));
            }
        });
        return ctx.req().getRequestURI() + pairs.stream().collect(Collectors.joining("&", "?", ""));
    }

    void show(Context ctx) {
        ctx.json(BuildJson.of(builds.build(id(ctx)).orElseThrow(NotFoundResponse::new)));
    }

    void rebuild(Context ctx) {
        accepted(ctx, builds.rebuild(id(ctx)));
    }

    /** Builds what the app's newest build built. */
    void rebuildApp(Context ctx) {
        AppName app = AppResource.name(ctx);
        BuildView newest = builds.builds(Badge.newest(app, Optional.empty())).stream()
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

    private static long id(Context ctx) {
        String id = ctx.pathParam("id");
        if (!id.matches("\\d{1,18}")) {
            throw new NotFoundResponse();
        }
        return Long.parseLong(id);
    }
}
