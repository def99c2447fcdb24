package org.ocpu.webapp;

import java.util.List;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;
import org.ocpu.builder.State;

/** The HTML pages about builds, complete without JavaScript; each from the records it shows and nothing else. */
record BuildHtml(Frame frame) {
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
                        """, builds.stream().map(BuildHtml::row).toList());
        return frame.page(Frame.Place.BUILDS, "Builds", Html.of("<h1>Builds</h1>\n{}", rows));
    }

    /** One build with its log so far; {@code build.js} lets both grow while it runs. */
    Html build(BuildView build, List<String> log) {
        return frame.page(
                Frame.Place.BUILDS,
                "Build " + build.id(),
                Html.of(
                        """
                        {}
                        <h2 class="bar">Log <a href="/api/v1/builds/{}/log">plain text</a></h2>
                        <pre id="log" tabindex="0" role="log" aria-label="Build log" data-build="{}" data-lines="{}" data-live="{}">{}</pre>
                        """,
                        summary(build),
                        build.id(),
                        build.id(),
                        log.size(),
                        !build.state().finished(),
                        log.stream().map(line -> Html.of("{}\n", line)).toList()),
                "build.js");
    }

    private static Html row(BuildView build) {
        return Html.of(
                """
                <tr><td><a href="/builds/{}">{}</a></td><td class="words">{}{}{}{}</td><td class="app">{}<span class="message"><code>{}</code> {}</span></td><td class="words">{}</td><td>{}</td><td>{}</td></tr>
                """,
                build.id(),
                build.id(),
                HtmlParts.state(build.state()),
                newer(build),
                build.failedStage().map(stage -> " at " + stage).orElse(""),
                build.attempts() < 2 ? Html.EMPTY : Html.of(" <span class=\"quiet\">run again</span>"),
                build.app(),
                HtmlParts.commit(build),
                build.message(),
                build.pusher(),
                HtmlParts.time(build.queuedAt()),
                HtmlParts.took(build.startedAt(), build.finishedAt()));
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
                HtmlParts.state(build.state()),
                build.app(),
                HtmlParts.commit(build),
                build.branch(),
                build.pusher(),
                HtmlParts.time(build.queuedAt()),
                build.message().isEmpty() ? Html.EMPTY : Html.of("<p class=\"message\">{}</p>\n", build.message()),
                again(build),
                superseded(build),
                failure(build),
                live(build),
                build.stages().stream().map(BuildHtml::stage).toList(),
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
        String home = frame.appAddress(build.app());
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
                HtmlParts.took(stage.start(), stage.end()));
    }
}
