package org.ocpu.webapp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;
import org.ocpu.builder.State;
import org.ocpu.builder.VersionView;
import org.ocpu.builder.Words;

/**
 * The server's HTML pages, complete without JavaScript; each from the records it shows and nothing else.
 */
record Pages(Frame frame) {
    /**
     * The hosted apps, their previews among them, or how to host a first one.
     *
     * @param builds recent builds, newest first
     * @param webhook the webhook's address as GitHub is to be told
     */
    Html index(List<AppView> apps, List<BuildView> builds, String webhook) {
        Html list = apps.isEmpty()
                ? Html.of("<p class=\"empty\">No app is here yet. The first one is three steps away.</p>")
                : Html.of(
                        "<ul class=\"cards\">{}</ul>",
                        apps.stream()
                                .map(app -> card(app, newest(app.name(), builds)))
                                .toList());
        return frame.page("Apps", Html.of("""
                        <h1>Apps</h1>
                        <p class="lead">R packages pushed to GitHub, live here as web pages and HTTP APIs.</p>
                        {}
                        {}
                        """, list, steps(webhook)));
    }

    /** Recent builds, newest first. */
    Html builds(List<BuildView> builds) {
        Html rows = builds.isEmpty()
                ? Html.of("<p class=\"empty\">Nothing has been built yet.</p>")
                : Html.of("""
                        <div class="scroll"><table class="builds">
                        <thead><tr><th>Build</th><th>State</th><th>App and commit</th><th>By</th><th>Queued</th>
                        <th>Took</th></tr></thead>
                        <tbody>
                        {}</tbody></table></div>
                        """, builds.stream().map(Pages::row).toList());
        return frame.page("Builds", Html.of("<h1>Builds</h1>\n{}", rows));
    }

    /** One build with its log so far; {@code build.js} lets both grow while it runs. */
    Html build(BuildView build, List<String> log) {
        return frame.page(
                "Build " + build.id(),
                Html.of(
                        """
                        {}
                        <h2 class="bar">Log <a href="/api/v1/builds/{}/log">plain text</a></h2>
                        <pre id="log" tabindex="0" role="log" aria-label="Build log" data-build="{}" data-lines="{}" data-live="{}">{}</pre>
                        <script type="module" src="/assets/build.js"></script>
                        """,
                        summary(build),
                        build.id(),
                        build.id(),
                        log.size(),
                        !build.state().finished(),
                        log.stream().map(line -> Html.of("{}\n", line)).toList()));
    }

    private Html card(AppView app, Optional<BuildView> newest) {
        String home = address(app.name());
        VersionView live = app.live();
        return Html.of(
                """
                <li class="card">
                <h2><a href="{}www/">{}</a></h2>
                <p>{} <span class="quiet">{} {}</span></p>
                <p class="links"><a href="{}www/">Open</a> <a href="{}R/">Functions</a> <a href="/builds/{}">Build {}</a> {} {}{}</p>
                </li>
                """,
                home,
                app.title().isBlank() ? app.packageName() : app.title(),
                app.name(),
                app.packageName(),
                live.version(),
                home,
                home,
                live.build(),
                live.build(),
                time(live.publishedAt()),
                app.name().preview().isEmpty() ? Html.EMPTY : Html.of("<span class=\"state\">preview</span> "),
                newest.map(Pages::since).orElse(Html.EMPTY));
    }

    /** What the newest build says of an app whose live version it did not make. */
    private static Html since(BuildView build) {
        if (build.state() == State.SUCCEEDED) {
            return Html.EMPTY;
        }
        String says = build.state() == State.FAILED ? "last push failed" : "building";
        return Html.of(
                "<a class=\"state\" data-state=\"{}\" href=\"/builds/{}\">{}</a>",
                build.state().label(),
                build.id(),
                says);
    }

    /** The newest build of an app that led somewhere or will. */
    private static Optional<BuildView> newest(AppName app, List<BuildView> builds) {
        return builds.stream()
                .filter(build -> build.app().key().equals(app.key()))
                .filter(build -> build.state() != State.SUPERSEDED && build.state() != State.CANCELLED)
                .findFirst();
    }

    private static Html steps(String webhook) {
        return Html.of("""
                <section aria-labelledby="add">
                <h2 id="add">Add your own</h2>
                <ol class="steps">
                <li><strong>Have an R package in a GitHub repository.</strong> Its functions become an HTTP API; what is in
                <code>inst/www</code> becomes its web page.</li>
                <li><strong>Add a webhook</strong> in the repository's Settings, Webhooks, Add webhook:
                payload URL <code>{}</code>, content type <code>application/json</code>, just the push event, and the secret
                that the server's admin gives you.</li>
                <li><strong>Push to the default branch.</strong> A moment later it is live here, or a mail tells you why not.</li>
                </ol>
                <p class="quiet">To try it without GitHub, on the server: <code>./ocpu push OWNER/REPO PATH</code></p>
                </section>
                """, webhook);
    }

    private static Html row(BuildView build) {
        return Html.of(
                """
                <tr><td><a href="/builds/{}">{}</a></td><td class="words">{}{}{}{}</td><td class="app">{}<span class="message"><code>{}</code> {}</span></td><td class="words">{}</td><td>{}</td><td>{}</td></tr>
                """,
                build.id(),
                build.id(),
                badge(build.state()),
                newer(build),
                build.failedStage().map(stage -> " at " + stage).orElse(""),
                build.attempts() < 2 ? Html.EMPTY : Html.of(" <span class=\"quiet\">run again</span>"),
                build.app(),
                shortCommit(build),
                build.message(),
                build.pusher(),
                time(build.queuedAt()),
                took(build.startedAt(), build.finishedAt()));
    }

    private Html summary(BuildView build) {
        return Html.of(
                """
                <section id="summary" aria-label="Summary">
                <h1>Build {} {}</h1>
                <p class="lead">{} <code>{}</code> on {}, pushed by {}, {}</p>
                {}{}{}{}{}<ol class="stages">
                {}</ol>
                {}</section>
                """,
                build.id(),
                badge(build.state()),
                build.app(),
                shortCommit(build),
                build.branch(),
                build.pusher(),
                time(build.queuedAt()),
                build.message().isEmpty() ? Html.EMPTY : Html.of("<p class=\"message\">{}</p>\n", build.message()),
                again(build),
                superseded(build),
                failure(build),
                live(build),
                build.stages().stream().map(Pages::stage).toList(),
                build.mail().isBlank() ? Html.EMPTY : Html.of("<p class=\"quiet\">Mail: {}</p>\n", build.mail()));
    }

    private static Html again(BuildView build) {
        return build.attempts() < 2
                ? Html.EMPTY
                : Html.of("<p class=\"quiet\">Run again after a restart of the server.</p>\n");
    }

    private static Html superseded(BuildView build) {
        return build.supersededBy().isEmpty()
                ? Html.EMPTY
                : Html.of("<p>Superseded{}, a newer push of the same app.</p>\n", newer(build));
    }

    /** By which build it was superseded, where it was. */
    private static Html newer(BuildView build) {
        return build.supersededBy().isEmpty()
                ? Html.EMPTY
                : Html.of(
                        " by <a href=\"/builds/{}\">#{}</a>",
                        build.supersededBy().getAsLong(),
                        build.supersededBy().getAsLong());
    }

    private static Html failure(BuildView build) {
        return build.failure()
                .map(reason -> Html.of(
                        "<div class=\"failure\" role=\"alert\"><h2>Failed{}</h2><pre>{}</pre></div>\n",
                        build.failedStage().map(stage -> " at " + stage).orElse(""),
                        reason))
                .orElse(Html.EMPTY);
    }

    private Html live(BuildView build) {
        String home = address(build.app());
        return build.state() == State.SUCCEEDED
                ? Html.of(
                        "<p class=\"live\"><strong>{} {} was published.</strong> <a href=\"{}www/\">Open the app</a> <a href=\"{}R/\">Functions</a></p>\n",
                        build.packageName().orElse(build.app().repo()),
                        build.version().orElse(""),
                        home,
                        home)
                : Html.EMPTY;
    }

    private static Html stage(StageView stage) {
        return Html.of(
                "<li data-state=\"{}\"><strong>{}</strong> <span>{} {}</span></li>\n",
                stage.state().label(),
                stage.name(),
                stage.state() == State.QUEUED ? "to come" : stage.state().label(),
                took(stage.start(), stage.end()));
    }

    private static Html badge(State state) {
        return Html.of("<span class=\"state\" data-state=\"{}\">{}</span>", state.label(), state.label());
    }

    static Html time(Instant instant) {
        return Html.of("<time datetime=\"{}\">{}</time>", instant, Words.moment(instant));
    }

    static String took(Optional<Instant> start, Optional<Instant> end) {
        if (start.isEmpty() || end.isEmpty()) {
            return "";
        }
        return Words.time(Duration.between(start.get(), end.get()));
    }

    private static String shortCommit(BuildView build) {
        return build.commit().substring(0, Math.min(7, build.commit().length()));
    }

    private String address(AppName app) {
        return frame.root() + "/apps/" + app + "/";
    }
}
