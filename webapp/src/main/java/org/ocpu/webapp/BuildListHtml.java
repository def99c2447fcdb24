package org.ocpu.webapp;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/**
 * The page of builds, complete without JavaScript; {@code builds.js} keeps it current and finds while one types.
 *
 * @param asked what the form is filled in with
 */
record BuildListHtml(Frame frame, Map<String, String> asked, Instant now) {
    /**
     * @param builds newest first
     * @param next the number of the last of them where more follow
     */
    Html page(List<BuildView> builds, OptionalLong next) {
        return page(builds, builds.isEmpty() ? none() : table(builds), found(builds, next), paging(next));
    }

    /** @param problem with what was asked, a sentence */
    Html refusal(String problem) {
        Html says = Html.of("<p class=\"empty\">{} <a href=\"/builds\">All builds</a></p>\n", problem);
        return page(List.of(), says, "Nothing is listed", Html.EMPTY);
    }

    private Html page(List<BuildView> builds, Html list, String found, Html paging) {
        return frame.page(
                Frame.Place.BUILDS,
                "Builds",
                Html.of("""
                        <h1>Builds</h1>
                        <p class="lead">Each push becomes a build, and a build that succeeds is live.</p>
                        {}<section id="list" aria-label="Builds" data-now="{}" data-first="{}">
                        <p class="quiet small" id="found" role="status">{}</p>
                        <p class="newer" id="newer" hidden><button type="button">New builds</button></p>
                        {}{}</section>
                        """, form(builds), now, !asked.containsKey("before"), found, list, paging),
                "builds.css",
                "builds.js");
    }

    private Html form(List<BuildView> builds) {
        return Html.of(
                """
                <form id="search" class="search" role="search" action="/builds" aria-label="Builds">
                <div class="field"><label for="q">Find</label><input type="search" id="q" name="q" value="{}" maxlength="200" autocomplete="off" placeholder="app, branch, commit, message" aria-keyshortcuts="/"></div>
                <div class="field"><label for="state">State</label><select id="state" name="state"><option value="">any</option>{}</select></div>
                <div class="field"><label for="app">Owner or app</label><input id="app" name="app" value="{}" maxlength="300" autocomplete="off" spellcheck="false" list="apps"></div>
                <div class="field"><label for="author">Pushed by</label><input id="author" name="author" value="{}" maxlength="100" autocomplete="off" list="authors"></div>
                {}<button class="unscripted">Find</button>
                {}{}</form>
                """,
                asked("q"),
                Arrays.stream(State.values()).map(this::option).toList(),
                asked("app"),
                asked("author"),
                hidden(),
                options("apps", builds, build -> build.app().toString()),
                options("authors", builds, BuildView::pusher));
    }

    private String asked(String field) {
        return asked.getOrDefault(field, "");
    }

    private Html option(State state) {
        return Html.of(
                "<option{}>{}</option>",
                state.label().equals(asked("state")) ? new Html(" selected") : Html.EMPTY,
                state.label());
    }

    /** What links narrow the list by, and no field does. */
    private List<Html> hidden() {
        return Stream.of("owner", "branch")
                .filter(asked::containsKey)
                .map(name -> Html.of(
                        "<div class=\"field\"><label for=\"{}\">{}</label><input id=\"{}\" name=\"{}\" value=\"{}\"></div>\n",
                        name,
                        name.equals("owner") ? "Owner" : "Branch",
                        name,
                        name,
                        asked(name)))
                .toList();
    }

    private static Html options(String id, List<BuildView> builds, Function<BuildView, String> value) {
        List<Html> options = builds.stream()
                .map(value)
                .filter(text -> !text.isBlank())
                .distinct()
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .map(text -> Html.of("<option value=\"{}\">", text))
                .toList();
        return Html.of("<datalist id=\"{}\">{}</datalist>\n", id, options);
    }

    private Html none() {
        return BuildFilter.narrows(asked)
                ? Html.of("<p class=\"empty\">No build matches. <a href=\"/builds\">Clear the filter</a></p>\n")
                : asked.containsKey("before")
                        ? Html.of("<p class=\"empty\">No builds are older than that.</p>\n")
                        : Html.of(
                                "<p class=\"empty\">Nothing has been built yet. <a href=\"/#add\">How to add a first app</a></p>\n");
    }

    private Html table(List<BuildView> builds) {
        return Html.of(
                """
                <div class="scroll"><table class="builds">
                <thead><tr><th scope="col">Build</th><th scope="col">State</th><th scope="col">App and commit</th><th scope="col">Stages</th><th scope="col">By</th><th scope="col">Pushed</th><th scope="col">Took</th></tr></thead>
                <tbody>
                {}</tbody></table></div>
                """, builds.stream().map(build -> BuildRow.of(build, now)).toList());
    }

    private String found(List<BuildView> builds, OptionalLong next) {
        String count = builds.size() == 1 ? "1 build" : builds.size() + " builds";
        String which = asked.containsKey("before") ? ", older than #" + asked("before") : "";
        return (next.isPresent() && which.isEmpty() ? "The newest " : "")
                + count
                + which
                + (BuildFilter.narrows(asked) ? " that match" + (builds.size() == 1 ? "es" : "") : "");
    }

    private Html paging(OptionalLong next) {
        boolean first = !asked.containsKey("before");
        if (first && next.isEmpty()) {
            return Html.EMPTY;
        }
        return Html.of(
                "<nav class=\"paging\" aria-label=\"Pages\">{}{}</nav>\n",
                first
                        ? Html.EMPTY
                        : Html.of("<a rel=\"prev\" href=\"{}\">Newest builds</a>", BuildFilter.address(asked, 0)),
                next.isEmpty()
                        ? Html.EMPTY
                        : Html.of(
                                "<a rel=\"next\" href=\"{}\">Older builds</a>",
                                BuildFilter.address(asked, next.getAsLong())));
    }
}
