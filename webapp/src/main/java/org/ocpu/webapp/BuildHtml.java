package org.ocpu.webapp;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;
import org.ocpu.builder.State;
import org.ocpu.builder.VersionView;
import org.ocpu.builder.Words;

/**
 * The page of one build, complete without JavaScript; {@code build.js} lets it grow while the build runs.
 *
 * @param now to tell how long ago something was
 */
record BuildHtml(Frame frame, Instant now) {
    /**
     * What is known of a build.
     *
     * @param version the version of the app that it made, if it is still there
     * @param commit where people look at its commit
     */
    record Shown(BuildView build, Optional<VersionView> version, Optional<URI> commit) {}

    /** @param log the lines so far; none where only what is above them is asked for */
    Html page(Shown shown, List<String> log) {
        BuildView build = shown.build();
        LogHtml html = LogHtml.of(build, log);
        return frame.page(
                Frame.Place.BUILDS,
                "Build %d %s: %s".formatted(build.id(), build.state().label(), build.app()),
                Html.of(
                        """
                        <p class="lead"><a href="/builds">Builds</a></p>
                        {}{}<section id="log" aria-labelledby="log-title" data-build="{}" data-lines="{}" data-live="{}">
                        {}<div id="folds">{}</div>
                        <template id="fold">{}</template>
                        </section>
                        """,
                        summary(shown),
                        frame.admin()
                                ? AdminHtml.controls()
                                : new Html("<p id=\"said\" role=\"status\" tabindex=\"-1\"></p>\n"),
                        build.id(),
                        log.size(),
                        !build.state().finished(),
                        toolbar(build, html.firstError()),
                        log.isEmpty() ? Html.of("<p class=\"empty\" id=\"none\">No log yet.</p>") : html.folds(),
                        LogHtml.template()),
                "builds.css",
                "build.js");
    }

    private static Html toolbar(BuildView build, OptionalLong error) {
        return Html.of(
                """
                <div class="toolbar"><h2 id="log-title">Log</h2>
                <a id="first-error" class="button" href="#L{}" aria-keyshortcuts="e"{}>Jump to the first error</a>
                <p class="actions"><button type="button" id="follow" aria-pressed="true"{}>Follow</button> <button type="button" id="times" aria-pressed="false">Times</button> <button type="button" id="unfold" aria-pressed="false">Unfold all</button></p>
                <a href="/api/v1/builds/{}/log?download" download="build-{}.log">Download</a></div>
                """,
                error.orElse(1),
                error.isPresent() ? Html.EMPTY : new Html(" hidden"),
                build.state().finished() ? new Html(" hidden") : Html.EMPTY,
                build.id(),
                build.id());
    }

    private Html summary(Shown shown) {
        BuildView build = shown.build();
        return Html.of(
                """
                <section id="summary" aria-label="Summary" data-now="{}" data-state="{}">
                <h1>Build {} {}</h1>
                {}{}{}{}{}{}{}</section>
                """,
                now,
                build.state().label(),
                build.id(),
                HtmlParts.state(build.state()),
                build.message().isEmpty() ? Html.EMPTY : Html.of("<p class=\"message\">{}</p>\n", build.message()),
                superseded(build),
                failure(build),
                live(shown),
                facts(shown),
                frame.admin() ? actions(shown) : Html.EMPTY,
                timeline(build));
    }

    private Html facts(Shown shown) {
        BuildView build = shown.build();
        Html commit = Html.of("<code>{}</code>", HtmlParts.commit(build));
        return Html.of(
                """
                <dl class="facts">
                <dt>App</dt><dd><a href="/apps/{}">{}</a></dd>
                <dt>Commit</dt><dd>{} on {}</dd>
                <dt>Pushed by</dt><dd>{}, {}</dd>
                <dt>Took</dt><dd class="took">{}{}</dd>
                {}</dl>
                """,
                build.app(),
                build.app(),
                shown.commit()
                        .map(page -> Html.of("<a href=\"{}\">{}</a>", page, commit))
                        .orElse(commit),
                build.branch(),
                build.pusher(),
                HtmlParts.ago(build.queuedAt(), now),
                build.startedAt().isEmpty() ? Html.of("<span class=\"quiet\">not begun</span>") : Html.EMPTY,
                Html.of(
                        "{}{}",
                        BuildRow.took(build.startedAt(), build.finishedAt()),
                        build.attempts() < 2 ? "" : ", run again after a restart of the server"),
                build.mail().isBlank() ? Html.EMPTY : Html.of("<dt>Mail</dt><dd>{}</dd>\n", build.mail()));
    }

    private static Html superseded(BuildView build) {
        return build.supersededBy().isEmpty()
                ? Html.EMPTY
                : Html.of("<p>Superseded{}, a newer push of the same app.</p>\n", BuildRow.newer(build));
    }

    private static Html failure(BuildView build) {
        return build.failure()
                .map(reason -> Html.of(
                        "<div class=\"failure\" role=\"alert\"><h2>Failed{}</h2><pre tabindex=\"0\" aria-label=\"Why it failed\">{}</pre></div>\n",
                        build.failedStage().map(stage -> " at " + stage).orElse(""),
                        Ansi.plain(reason)))
                .orElse(Html.EMPTY);
    }

    private Html live(Shown shown) {
        BuildView build = shown.build();
        String home = frame.appAddress(build.app());
        boolean now = shown.version().filter(VersionView::live).isPresent();
        return build.state() == State.SUCCEEDED
                ? Html.of(
                        "<p class=\"live\"><strong>{} {} {}.</strong> <a href=\"{}www/\">Open the app</a> <a href=\"{}R/\">Functions</a></p>\n",
                        build.packageName().orElse(build.app().repo()),
                        build.version().orElse(""),
                        now ? "is live" : "was published",
                        home,
                        home)
                : Html.EMPTY;
    }

    /** What the admin can do, by {@code build.js}, since the admin token goes into a header. */
    private static Html actions(Shown shown) {
        BuildView build = shown.build();
        boolean old = shown.version().filter(version -> !version.live()).isPresent();
        return Html.of(
                """
                <p class="actions" data-app="{}"><button type="button" data-does="rebuild">Rebuild</button>{}{}</p>
                """,
                build.app(),
                build.state().finished()
                        ? Html.EMPTY
                        : new Html(" <button type=\"button\" class=\"danger\" data-does=\"cancel\">Cancel</button>"),
                old
                        ? new Html(" <button type=\"button\" data-does=\"rollback\">Roll back to this version</button>")
                        : Html.EMPTY);
    }

    private Html timeline(BuildView build) {
        Instant begin = build.startedAt().orElse(build.queuedAt());
        Instant end = build.finishedAt()
                .or(() -> build.stages().stream()
                        .flatMap(stage -> stage.end().stream())
                        .max(Instant::compareTo))
                .orElse(begin);
        double whole = Math.max(1, Duration.between(begin, end).toMillis());
        return build.stages().isEmpty()
                ? Html.EMPTY
                : Html.of(
                        "<h2>Stages</h2>\n<ol class=\"timeline\">\n{}</ol>\n",
                        build.stages().stream()
                                .map(stage -> stage(stage, begin, whole))
                                .toList());
    }

    private static Html stage(StageView stage, Instant begin, double whole) {
        return Html.of(
                "<li data-state=\"{}\"><strong>{}</strong> <span class=\"how\">{}</span> <span class=\"took\">{}</span> {}<span class=\"start\">{}</span></li>\n",
                stage.state().label(),
                stage.name(),
                BuildRow.stateOf(stage),
                BuildRow.took(stage.start(), stage.end()),
                bar(stage, begin, whole),
                stage.start()
                        .map(start -> "+ " + Words.time(positive(Duration.between(begin, start))))
                        .orElse(""));
    }

    private static Duration positive(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }

    /** When in the build the stage was, drawn; what it says is in words beside it. */
    private static Html bar(StageView stage, Instant begin, double whole) {
        double from = percent(stage.start()
                .map(start -> Duration.between(begin, start).toMillis() / whole)
                .orElse(1.0));
        double to = percent(stage.end()
                .map(end -> Duration.between(begin, end).toMillis() / whole)
                .orElse(1.0));
        return Html.of(
                "<svg class=\"span\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect x=\"{}\" width=\"{}\" height=\"8\" rx=\"0.5\"></rect></svg>",
                number(Math.min(from, 99)),
                number(stage.start().isEmpty() ? 0 : Math.max(1, to - Math.min(from, 99))));
    }

    private static double percent(double share) {
        return 100 * Math.max(0, Math.min(1, share));
    }

    private static String number(double percent) {
        return String.format(Locale.ROOT, "%.1f", percent);
    }
}
