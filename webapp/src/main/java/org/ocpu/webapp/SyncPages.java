package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.SyncService;
import org.ocpu.builder.SyncView;

/** Handlers of the pages for people about syncs: all of them, one with its runs, and one run. */
final class SyncPages {
    private static final int LISTED = 50;

    private final SyncService syncs;
    private final SyncHtml pages;

    SyncPages(SyncService syncs, Frame frame) {
        this.syncs = syncs;
        this.pages = new SyncHtml(frame);
    }

    /** {@code GET /syncs}: all syncs. */
    void list(Context ctx) {
        Optional<SyncRunView> asked = syncs.runs(SyncRunView.ON_DEMAND, OptionalLong.empty(), 1).stream()
                .findFirst();
        BuildPages.html(ctx, pages.syncs(syncs.syncs(), asked));
    }

    /** {@code GET /syncs/{name}}: one sync, the run that goes on, and those before. */
    void show(Context ctx) {
        String name = ctx.pathParam("name");
        Optional<SyncView> sync = name.equals(SyncRunView.ON_DEMAND) ? Optional.empty() : Optional.of(syncs.sync(name));
        List<SyncRunView> runs = syncs.runs(name, OptionalLong.empty(), LISTED);
        Optional<RunHtml> going = runs.stream()
                .filter(run -> !run.state().finished())
                .reduce((newer, older) -> older) // the others wait for it
                .map(run -> new RunHtml(run, syncs.packages(run.id())));
        BuildPages.html(ctx, pages.sync(name, sync, going, runs));
    }

    /** {@code GET /syncs/{name}/runs/{id}}: one run. */
    void run(Context ctx) {
        SyncRunView run = SyncResource.run(ctx, syncs);
        if (!run.sync().equals(ctx.pathParam("name"))) {
            throw new NotFoundResponse();
        }
        BuildPages.html(ctx, pages.run(new RunHtml(run, syncs.packages(run.id(), RunHtml.TAILS))));
    }
}
