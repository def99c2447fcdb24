package org.ocpu.webapp;

import io.javalin.http.BadGatewayResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.sse.SseClient;
import java.util.List;
import org.ocpu.builder.BuilderException;
import org.ocpu.builder.SyncPlanView;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.SyncService;
import org.ocpu.builder.UnknownNameException;

/** Syncs and their runs in the JSON API. */
final class SyncResource {
    private static final int LISTED = 50;
    private static final int MOST = 200;

    private final SyncService syncs;
    private final String base;

    /** @param base where the JSON API begins */
    SyncResource(SyncService syncs, String base) {
        this.syncs = syncs;
        this.base = base;
    }

    void list(Context ctx) {
        ctx.json(syncs.syncs().stream().map(SyncJson::of).toList());
    }

    void show(Context ctx) {
        ctx.json(SyncJson.of(syncs.sync(ctx.pathParam("name"))));
    }

    /** What a run would do; 502 when it is the repositories that stand in the way. */
    void plan(Context ctx) {
        ctx.json(SyncJson.of(plan(ctx.pathParam("name"))));
    }

    private SyncPlanView plan(String name) {
        try {
            return syncs.plan(name);
        } catch (UnknownNameException e) {
            throw e;
        } catch (BuilderException e) {
            throw new BadGatewayResponse(e.getMessage());
        }
    }

    void run(Context ctx) {
        accepted(ctx, syncs.run(ctx.pathParam("name")));
    }

    void runs(Context ctx) {
        Parameters query = Parameters.of(ctx, "before", "limit");
        int limit = query.limit(LISTED, MOST);
        List<SyncRunView> found = syncs.runs(ctx.pathParam("name"), query.number("before"), limit + 1);
        List<SyncRunView> page = found.subList(0, Math.min(limit, found.size()));
        if (found.size() > limit) {
            query.linkNext(ctx, page.get(limit - 1).id());
        }
        ctx.json(page.stream().map(SyncJson::of).toList());
    }

    void showRun(Context ctx) {
        SyncRunView run = run(ctx, syncs);
        ctx.json(SyncJson.of(run, syncs.packages(run.id())));
    }

    void cancel(Context ctx) {
        accepted(ctx, syncs.cancel(run(ctx, syncs).id()));
    }

    /** 404 before the events begin, which would be a 200. */
    void beforeEvents(Context ctx) {
        run(ctx, syncs);
    }

    /**
     * The run as server-sent events until it has ended.
     *
     * <p>{@code run} is the run, {@code package} one of its packages: first all as they stand, then each that has changed; {@code
     * end} comes last.
     */
    void events(SseClient client) {
        client.keepAlive();
        new SyncEvents(syncs, client, BuildResource.id(client.ctx())).follow();
    }

    /** 202, since it goes on after this answer. */
    private void accepted(Context ctx, SyncRunView run) {
        ctx.status(202).header("Location", base + "/runs/" + run.id()).json(SyncJson.of(run));
    }

    /** The run that an address names. */
    static SyncRunView run(Context ctx, SyncService syncs) {
        return syncs.find(BuildResource.id(ctx)).orElseThrow(NotFoundResponse::new);
    }
}
