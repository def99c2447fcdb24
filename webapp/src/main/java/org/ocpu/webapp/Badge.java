package org.ocpu.webapp;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;

/**
 * How an app is, as a small picture for its README.
 *
 * @param known whether there is such an app, or was a build of it that says something
 */
record Badge(AppName app, String text, String colour, boolean known) {
    private static final String LABEL = "ocpu";
    private static final int HEIGHT = 20;

    /** Of the 11 pixels high font; {@code textLength} stretches the words to what this gives where a font is another. */
    private static final double CHARACTER = 6.6;

    private static final int PADDING = 12;

    /** The states that say how an app is; that a build was cancelled or superseded says nothing. */
    static final List<State> TELLING = List.of(State.QUEUED, State.RUNNING, State.SUCCEEDED, State.FAILED);

    /** @param newest the app's newest build of each state that says something */
    static Badge of(AppName name, Optional<AppView> app, List<BuildView> newest) {
        Optional<BuildView> last = newest.stream().max(Comparator.comparingLong(BuildView::id));
        if (newest.stream().anyMatch(build -> !build.state().finished())) {
            return new Badge(name, "building", "#b45309", true);
        }
        if (last.filter(build -> build.state() == State.FAILED).isPresent()) {
            return new Badge(name, "failing", "#b91c1c", true);
        }
        return app.map(live -> new Badge(name, "passing " + live.live().version(), "#15803d", true))
                .orElse(new Badge(name, "unknown", "#566377", false));
    }

    /** Asks for the newest build of an app, in a certain state perhaps. */
    static BuildQuery newest(AppName app, Optional<State> state) {
        return new BuildQuery(Optional.empty(), Optional.of(app), state, OptionalLong.empty(), 1);
    }

    String svg() {
        int left = width(LABEL);
        int right = width(text);
        String title = app + ": " + text;
        return Html.of(
                        """
                        <svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" role="img" aria-label="{}">
                        <title>{}</title>
                        <clipPath id="round"><rect width="{}" height="{}" rx="3"/></clipPath>
                        <g clip-path="url(#round)"><rect width="{}" height="{}" fill="#334155"/><rect x="{}" width="{}" height="{}" fill="{}"/></g>
                        <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">{}</g>
                        </svg>
                        """,
                        left + right,
                        HEIGHT,
                        title,
                        title,
                        left + right,
                        HEIGHT,
                        left,
                        HEIGHT,
                        left,
                        right,
                        HEIGHT,
                        colour,
                        Stream.of(words(LABEL, left / 2.0, left), words(text, left + right / 2.0, right))
                                .toList())
                .text();
    }

    private static Html words(String words, double middle, int width) {
        return Html.of("<text x=\"{}\" y=\"14\" textLength=\"{}\">{}</text>", middle, width - PADDING, words);
    }

    private static int width(String words) {
        return (int) Math.round(words.codePointCount(0, words.length()) * CHARACTER) + PADDING;
    }
}
