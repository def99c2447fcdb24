package org.ocpu.webapp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ocpu.builder.SyncPackageState;
import org.ocpu.builder.SyncPackageView;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.Words;

/**
 * A run of a sync as a part of a page, of a size that browsers bear however many packages there are: what runs and what failed
 * is shown, the rest is summed up and folded.
 */
record RunHtml(SyncRunView run, List<SyncPackageView> packages) {
    /** Failed packages shown with what R said. */
    static final int TAILS = 100;

    /** Packages listed of those that came to the same. */
    private static final int LISTED = 1000;

    /** The run as it stands, with places that {@code sync.js} fills. */
    Html going() {
        int done = SyncCounts.of(run).done();
        return Html.of(
                """
                <section id="run" aria-label="Run {}" data-run="{}">
                {}
                <p class="overall"><progress id="overall" max="{}" value="{}" aria-label="All packages">{} of {}</progress> <span id="done">{} of {} packages</span></p>
                {}
                {}
                <ul class="now" id="now" aria-label="Packages in work">
                {}</ul>
                <template id="package">{}</template>
                <template id="failure">{}</template>
                {}{}</section>
                """,
                run.id(),
                run.id(),
                head(),
                Math.max(1, run.total()),
                Math.min(done, Math.max(1, run.total())),
                done,
                run.total(),
                done,
                run.total(),
                AdminHtml.cancel(),
                counts(),
                inWork().map(RunHtml::working).toList(),
                working("", "", "", 0, 0),
                failure("", "", Optional.of("")),
                failed(),
                folded());
    }

    /** The run as it ended. */
    Html ended() {
        return Html.of(
                "<section id=\"run\" aria-label=\"Run {}\">\n{}\n{}\n{}{}</section>\n",
                run.id(),
                head(),
                counts(),
                failed(),
                folded());
    }

    private Html head() {
        return Html.of(
                """
                <h2>Run {} <span class="state" id="state" data-state="{}">{}</span></h2>
                <p class="lead">Library {}, started by {} {}{}</p>
                {}{}""",
                run.id(),
                run.state().label(),
                run.state().label(),
                run.library(),
                run.cause(),
                HtmlParts.time(run.startedAt()),
                run.endedAt().isEmpty() ? "" : ", took " + HtmlParts.took(Optional.of(run.startedAt()), run.endedAt()),
                run.problem()
                        .map(why -> Html.of(
                                "<div class=\"failure\" role=\"alert\"><h2>The run {}</h2><pre>{}</pre></div>\n",
                                run.trouble(),
                                why))
                        .orElse(Html.EMPTY),
                run.notes().stream()
                        .limit(LISTED)
                        .map(note -> Html.of("<p class=\"quiet\">{}</p>\n", note))
                        .toList());
    }

    private Html counts() {
        return Html.of(
                """
                <ul class="counts" id="counts">
                {}<li data-count="unchanged"><strong>{}</strong> unchanged</li>
                <li data-count="bytes"><strong>{}</strong> downloaded</li>
                </ul>""",
                SyncCounts.of(run).counts().entrySet().stream()
                        .map(RunHtml::count)
                        .toList(),
                run.unchanged(),
                Words.size(run.bytes()));
    }

    private static Html count(Map.Entry<String, Integer> count) {
        return Html.of(
                "<li data-count=\"{}\"><strong>{}</strong> {}</li>\n",
                count.getKey(),
                count.getValue(),
                count.getKey());
    }

    private Stream<SyncPackageView> inWork() {
        return packages.stream()
                .filter(one ->
                        one.state() != SyncPackageState.WAITING && !one.state().finished());
    }

    private static Html working(SyncPackageView one) {
        return working(one.name(), versions(one), one.state().label(), one.size(), one.bytes());
    }

    /** How far a download is can be said; how far R is cannot. */
    private static Html working(String name, String versions, String state, long size, long bytes) {
        boolean known = state.equals(SyncPackageState.DOWNLOADING.label()) && size > 0;
        return Html.of(
                "<li data-package=\"{}\"><strong>{}</strong> <span class=\"quiet\">{}</span> <progress aria-label=\"{}\"{}></progress> <span class=\"step\">{}</span></li>\n",
                name,
                name,
                versions,
                name,
                known ? Html.of(" max=\"{}\" value=\"{}\"", size, Math.min(size, bytes)) : Html.EMPTY,
                known && bytes >= size ? "downloaded" : state); // and waits for its turn
    }

    private Html failed() {
        List<SyncPackageView> failed = in(SyncPackageState.FAILED);
        return Html.of(
                "<div id=\"failed\">\n{}</div>\n{}",
                failed.stream()
                        .limit(TAILS)
                        .map(one -> failure(
                                one.name(), versions(one) + ": " + one.reason().orElse(""), one.tail()))
                        .toList(),
                failed.size() <= TAILS ? Html.EMPTY : section("more failed", failed.subList(TAILS, failed.size())));
    }

    private static Html failure(String name, String reason, Optional<String> tail) {
        return Html.of(
                "<div class=\"failure\"><h3>{} failed</h3><p>{}</p>{}</div>\n",
                name,
                reason,
                tail.map(words -> Html.of("<details><summary>R's last words</summary><pre>{}</pre></details>", words))
                        .orElse(Html.EMPTY));
    }

    private List<Html> folded() {
        return Stream.of(
                        SyncPackageState.SKIPPED,
                        SyncPackageState.UPDATED,
                        SyncPackageState.ADDED,
                        SyncPackageState.REMOVED)
                .map(state -> section(state.label(), in(state)))
                .toList();
    }

    /** Open when it is short. */
    private static Html section(String what, List<SyncPackageView> these) {
        if (these.isEmpty()) {
            return Html.EMPTY;
        }
        return Html.of(
                "<details class=\"folded\"{}><summary>{} {}</summary>\n<ul>\n{}</ul>{}</details>\n",
                these.size() <= 20 ? new Html(" open") : Html.EMPTY,
                these.size(),
                what,
                these.stream().limit(LISTED).map(RunHtml::line).toList(),
                these.size() <= LISTED
                        ? Html.EMPTY
                        : Html.of("<p class=\"quiet\">and {} more</p>", these.size() - LISTED));
    }

    private static Html line(SyncPackageView one) {
        return Html.of(
                "<li><strong>{}</strong> {}<span class=\"quiet\">{}</span></li>\n",
                one.name(),
                versions(one),
                one.reason().map(why -> " " + why).orElse(""));
    }

    private List<SyncPackageView> in(SyncPackageState state) {
        return packages.stream().filter(one -> one.state() == state).toList();
    }

    private static String versions(SyncPackageView one) {
        return one.versions("→");
    }
}
