package org.ocpu.webapp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.StageView;
import org.ocpu.builder.State;

/**
 * A build's log as HTML: a fold for each stage, in it lines with numbers that link. The lines are in chunks, of which browsers lay out
 * only what is seen, so that a log of tens of thousands of lines stays quick.
 *
 * @param text the complete lines so far
 */
record LogHtml(BuildView build, List<LogLine> text) {
    /** As {@code build.js} makes them, too. */
    private static final int CHUNK = 200;

    /** The lines of one stage that follow each other. */
    private record Part(String stage, List<LogLine> lines) {}

    static LogHtml of(BuildView build, List<String> lines) {
        List<LogLine> parsed = new ArrayList<>(lines.size());
        for (String line : lines) {
            Optional<LogLine> before = parsed.isEmpty() ? Optional.empty() : Optional.of(parsed.get(parsed.size() - 1));
            parsed.add(LogLine.parse(parsed.size() + 1L, line, before));
        }
        return new LogHtml(build, parsed);
    }

    Html folds() {
        List<Part> parts = parts();
        Map<String, StageView> stages =
                build.stages().stream().collect(Collectors.toMap(StageView::name, Function.identity()));
        StringBuilder html = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            boolean last = i == parts.size() - 1;
            String state = Optional.ofNullable(stages.get(part.stage()))
                    .map(stage -> stage.state().label())
                    .orElse("");
            boolean open =
                    build.failedStage().map(part.stage()::equals).orElse(last && build.state() != State.SUCCEEDED);
            fold(html, part, state, open);
        }
        return new Html(html.toString());
    }

    /** An empty fold, for what comes of another stage. */
    static Html template() {
        StringBuilder html = new StringBuilder();
        fold(html, new Part("", List.of()), "running", true);
        return new Html(html.toString());
    }

    /** Where to look first: of the failed stage, the first line that tells of an error, else such a line anywhere. */
    OptionalLong firstError() {
        List<LogLine> errors =
                text.stream().filter(line -> line.kind() == LogLine.Kind.ERROR).toList();
        Stream<LogLine> ofStage = errors.stream()
                .filter(line -> build.failedStage().filter(line.stage()::equals).isPresent());
        return Stream.concat(ofStage, errors.stream())
                .mapToLong(LogLine::number)
                .findFirst();
    }

    /** One line as markup. */
    static String line(LogLine line) {
        StringBuilder html = new StringBuilder(160);
        line(html, line);
        return html.toString();
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (LogLine line : text) {
            if (parts.isEmpty() || !parts.get(parts.size() - 1).stage().equals(line.stage())) {
                parts.add(new Part(line.stage(), new ArrayList<>()));
            }
            parts.get(parts.size() - 1).lines().add(line);
        }
        return parts;
    }

    private static void fold(StringBuilder html, Part part, String state, boolean open) {
        html.append("<details class=\"fold\" data-stage=\"").append(Html.escape(part.stage()));
        html.append("\" data-state=\"").append(state).append(open ? "\" open>" : "\">");
        html.append("<summary><span class=\"name\">").append(Html.escape(part.stage()));
        html.append("</span> <span class=\"count\">").append(count(part.lines().size()));
        html.append("</span></summary>\n<div class=\"lines\">");
        for (int i = 0; i < part.lines().size(); i++) {
            html.append(i % CHUNK > 0 ? "" : i == 0 ? "<div class=\"chunk\">\n" : "</div>\n<div class=\"chunk\">\n");
            line(html, part.lines().get(i));
        }
        html.append(part.lines().isEmpty() ? "" : "</div>").append("</div>\n</details>\n");
    }

    private static String count(int lines) {
        return lines == 1 ? "1 line" : lines + " lines";
    }

    private static void line(StringBuilder html, LogLine line) {
        html.append("<div class=\"line\" id=\"L").append(line.number());
        LogLine.Kind kind = line.kind();
        if (kind != LogLine.Kind.PLAIN) {
            html.append("\" data-kind=\"").append(kind.label());
        }
        html.append("\"><a href=\"#L").append(line.number()).append("\" tabindex=\"-1\">");
        html.append(line.number()).append("</a>");
        if (!line.time().isEmpty()) {
            html.append("<time>").append(line.time()).append("</time>");
        }
        if (kind != LogLine.Kind.PLAIN) {
            html.append("<b>").append(kind.label()).append("</b>");
        }
        html.append(Ansi.html(line.text())).append("</div>\n");
    }
}
