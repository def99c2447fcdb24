package org.ocpu.webapp;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;

/** A build as a row of the page of builds, where {@code builds.js} puts in what became of it. */
final class BuildRow {
    private static final List<String> STAGES =
            List.of("checkout", "dependencies", "install", "check", "publish", "report");

    private BuildRow() {}

    static Html of(BuildView build, Instant now) {
        return Html.of(
                """
                <tr data-build="{}" data-state="{}"><td><a href="/builds/{}">#{}</a></td><td class="words">{}{}{}{}</td><td class="app"><a href="/apps/{}">{}</a><span class="message"><code>{}</code> {} {}</span>{}</td><td class="bars">{}</td><td class="by">{}</td><td>{}</td><td class="took">{}</td></tr>
                """,
                build.id(),
                build.state().label(),
                build.id(),
                build.id(),
                HtmlParts.state(build.state()),
                newer(build),
                build.failedStage().map(stage -> " at " + stage).orElse(""),
                build.attempts() < 2 ? Html.EMPTY : Html.of(" <span class=\"quiet\">run again</span>"),
                build.app(),
                build.app(),
                HtmlParts.commit(build),
                build.branch(),
                build.message(),
                build.failure().map(BuildRow::reason).orElse(Html.EMPTY),
                stages(build),
                build.pusher(),
                HtmlParts.ago(build.queuedAt(), now),
                took(build.startedAt(), build.finishedAt()));
    }

    private static Html reason(String failure) {
        String first = Ansi.plain(failure).lines().findFirst().orElse("");
        return Html.of("<span class=\"message reason\">{}</span>", first);
    }

    /** By which build it was superseded, where it was. */
    static Html newer(BuildView build) {
        return build.supersededBy().isEmpty()
                ? Html.EMPTY
                : Html.of(
                        " by <a href=\"/builds/{}\">#{}</a>",
                        build.supersededBy().getAsLong(),
                        build.supersededBy().getAsLong());
    }

    /** How long it took, or takes so far: {@code clock.js} goes on with that. */
    static Html took(Optional<Instant> start, Optional<Instant> end) {
        return start.isPresent() && end.isEmpty()
                ? Html.of("<span class=\"elapsed\" data-since=\"{}\">running</span>", start.get())
                : Html.of("{}", HtmlParts.took(start, end));
    }

    /** All stages in one picture, a part each. */
    private static Html stages(BuildView build) {
        Map<String, StageView> known =
                build.stages().stream().collect(Collectors.toMap(StageView::name, Function.identity()));
        List<Html> parts = STAGES.stream()
                .map(name -> Optional.ofNullable(known.get(name)))
                .map(stage -> Html.of(
                        "<i data-state=\"{}\"></i>",
                        stage.map(one -> one.state().label()).orElse("none")))
                .toList();
        String words = STAGES.stream()
                .filter(known::containsKey)
                .map(name -> words(known.get(name)))
                .collect(Collectors.joining(", "));
        String all = words.isEmpty() ? "no stage has begun" : words;
        return Html.of("<span class=\"bars\" role=\"img\" aria-label=\"{}\" title=\"{}\">{}</span>", all, all, parts);
    }

    /** @return for example {@code install failed 1.5 s} */
    private static String words(StageView stage) {
        return (stage.name() + " " + stateOf(stage) + " " + HtmlParts.took(stage.start(), stage.end())).strip();
    }

    static String stateOf(StageView stage) {
        return stage.start().isEmpty() ? "to come" : stage.state().label();
    }
}
