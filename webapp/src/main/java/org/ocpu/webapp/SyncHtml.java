package org.ocpu.webapp;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ocpu.builder.SyncRunState;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.SyncView;
import org.ocpu.builder.Words;

/** The HTML pages about syncs, complete without JavaScript; each from the records it shows and nothing else. */
record SyncHtml(Frame frame) {
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm", Locale.ROOT);

    /**
     * All syncs, or how to configure a first one.
     *
     * @param asked the newest run that requests asked for
     */
    Html syncs(List<SyncView> syncs, Optional<SyncRunView> asked) {
        Html list = syncs.isEmpty()
                ? none()
                : Html.of("""
                        <div class="scroll"><table class="builds">
                        <thead><tr><th>Sync</th><th>Last run</th><th>Packages</th><th>Next run</th></tr></thead>
                        <tbody>
                        {}</tbody></table></div>
                        """, syncs.stream().map(this::row).toList());
        return frame.page(
                Frame.Place.SYNCS,
                "Syncs",
                Html.of("""
                        <h1>Syncs</h1>
                        <p class="lead">Packages of CRAN-like repositories that this server keeps current.</p>
                        {}
                        {}
                        """, list, asked.map(SyncHtml::requests).orElse(Html.EMPTY)));
    }

    private Html none() {
        return Html.of("""
                <ol class="steps">
                <li><strong>Say which packages</strong> in the server's <code>ocpu.conf</code>: <code>sync.cran.packages: ggplot2, dplyr</code></li>
                <li><strong>Restart the server.</strong> Each night at 03:00 it brings them, and what they need, up to date; <code>./ocpu sync</code> does so at once.</li>
                <li><strong>Call them</strong> at <code>{}/cran/ggplot2/</code>, like any app.</li>
                </ol>
                """, frame.root());
    }

    private static Html requests(SyncRunView newest) {
        return Html.of(
                "<p><a href=\"/syncs/{}\">What requests had installed</a>, last {} {}</p>",
                SyncRunView.ON_DEMAND,
                HtmlParts.time(newest.startedAt()),
                badge(newest.state()));
    }

    private Html row(SyncView sync) {
        return Html.of(
                """
                <tr><td class="app"><a href="/syncs/{}">{}</a> <span class="quiet">in the library <a href="{}/{}/">{}</a></span><span class="message">{}</span></td><td class="app">{}</td><td>{} packages</td><td class="words">{}</td></tr>
                """,
                sync.name(),
                sync.name(),
                frame.root(),
                sync.library(),
                sync.library(),
                sync.wanted(),
                sync.running()
                        .or(sync::last)
                        .map(run -> Html.of("{} {} {}", linked(run), badge(run.state()), outcome(run)))
                        .orElse(Html.of("<span class=\"quiet\">not yet</span>")),
                sync.packages(),
                next(sync));
    }

    /**
     * One sync.
     *
     * @param sync absent: the runs that requests asked for
     * @param going the run that waits or runs
     * @param runs newest first
     */
    Html sync(String name, Optional<SyncView> sync, Optional<RunHtml> going, List<SyncRunView> runs) {
        return frame.page(
                Frame.Place.SYNCS,
                "Sync " + name,
                Html.of(
                        """
                        <section id="sync" aria-label="Sync">
                        <h1>{} {}</h1>
                        {}</section>
                        {}
                        <div id="going">{}</div>
                        <h2>Runs</h2>
                        {}
                        """,
                        name,
                        runs.stream().findFirst().map(run -> badge(run.state())).orElse(Html.EMPTY),
                        sync.map(this::configuration)
                                .orElse(Html.of("<p class=\"lead\">What requests had installed.</p>\n")),
                        sync.isPresent() ? AdminHtml.plan(name) : going.isPresent() ? AdminHtml.controls() : Html.EMPTY,
                        going.map(RunHtml::going).orElse(Html.EMPTY),
                        history(runs)),
                assets(sync.isPresent() || going.isPresent()));
    }

    private Html configuration(SyncView sync) {
        return Html.of(
                """
                <p class="lead">Keeps <a href="{}/{}/">the library {}</a>, with {} packages, in sync.</p>
                <dl class="facts">
                <dt>Packages</dt><dd>{}, with what they need</dd>
                <dt>From</dt><dd>{}</dd>
                <dt>When</dt><dd>{}</dd>
                <dt>Next run</dt><dd>{}</dd>
                <dt>At once</dt><dd>{}</dd>
                <dt>Withdrawn ones</dt><dd>{}</dd>
                <dt>By hand</dt><dd><code>./ocpu sync {}</code>, with <code>--dry-run</code> to see what would change</dd>
                </dl>
                """,
                frame.root(),
                sync.library(),
                sync.library(),
                sync.packages(),
                sync.wanted(),
                sync.repositories().stream()
                        .map(one -> Html.of("<code>{}</code> ", one))
                        .toList(),
                sync.cron()
                        .map(cron -> Html.of("<code>{}</code> {}", cron, sync.zone()))
                        .orElse(Html.of("by hand only")),
                next(sync),
                sync.parallel() + (sync.parallel() == 1 ? " package" : " packages"),
                sync.prune() ? "are removed" : "are kept",
                sync.name());
    }

    private static Html next(SyncView sync) {
        return sync.nextRun()
                .map(next -> local(next, sync.zone()))
                .orElse(Html.of("<span class=\"quiet\">by hand only</span>"));
    }

    private static Html local(Instant instant, ZoneId zone) {
        return Html.of("<time datetime=\"{}\">{} {}</time>", instant, LOCAL.format(instant.atZone(zone)), zone.getId());
    }

    private static Html history(List<SyncRunView> runs) {
        return runs.isEmpty()
                ? Html.of("<p class=\"empty\" id=\"history\">It has not run yet.</p>")
                : Html.of("""
                        <div class="scroll" id="history"><table class="builds">
                        <thead><tr><th>Run</th><th>What came of it</th><th>Cause</th><th>Began</th><th>Took</th><th>Downloaded</th></tr></thead>
                        <tbody>
                        {}</tbody></table></div>
                        """, runs.stream().map(SyncHtml::run).toList());
    }

    private static Html run(SyncRunView run) {
        return Html.of(
                "<tr><td>{}</td><td class=\"app\">{} {}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                linked(run),
                badge(run.state()),
                outcome(run),
                run.sync().equals(SyncRunView.ON_DEMAND)
                        ? Html.of("{} <span class=\"message\">{}</span>", run.cause(), String.join("; ", run.notes()))
                        : Html.of("{}", run.cause()),
                HtmlParts.time(run.startedAt()),
                HtmlParts.took(Optional.of(run.startedAt()), run.endedAt()),
                Words.size(run.bytes()));
    }

    /** One run; {@code sync.js} keeps it current while it goes on. */
    Html run(RunHtml report) {
        SyncRunView run = report.run();
        boolean going = !run.state().finished();
        return frame.page(
                Frame.Place.SYNCS,
                "Run %d of %s".formatted(run.id(), run.sync()),
                Html.of(
                        """
                        <h1><a href="/syncs/{}">Sync {}</a></h1>
                        {}{}
                        <p class="quiet"><a href="/api/v1/runs/{}">All of it as JSON</a></p>
                        """,
                        run.sync(),
                        run.sync(),
                        going ? AdminHtml.controls() : Html.EMPTY,
                        going ? report.going() : report.ended(),
                        run.id()),
                assets(going));
    }

    /** @param live whether there is something to follow or to start */
    private static String[] assets(boolean live) {
        return live ? new String[] {"sync.css", "sync.js"} : new String[] {"sync.css"};
    }

    private static Html linked(SyncRunView run) {
        return Html.of("<a href=\"/syncs/{}/runs/{}\">#{}</a>", run.sync(), run.id(), run.id());
    }

    private static String outcome(SyncRunView run) {
        String counts = SyncCounts.of(run).words();
        return run.problem().map(why -> run.begun() ? counts + "; " + why : why).orElse(counts);
    }

    static Html badge(SyncRunState state) {
        return HtmlParts.state(state.label());
    }
}
