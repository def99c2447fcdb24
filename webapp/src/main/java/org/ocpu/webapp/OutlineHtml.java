package org.ocpu.webapp;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.webapp.Outline.Argument;
import org.ocpu.webapp.Outline.Callable;
import org.ocpu.webapp.Outline.Given;
import org.ocpu.webapp.Outline.Head;
import org.ocpu.webapp.Outline.Table;

/**
 * The part of an app's page that tells what its package has. {@code app.js} makes tabs of the languages, and opens what an address
 * names.
 *
 * @param root where the API begins
 * @param home the app's address below that
 * @param site the server's, as the browser knows it
 * @param page the page's own address
 */
record OutlineHtml(String root, String home, String site, String page) {
    private static final int FILTERED = 12;
    private static final int OPENED = 5;

    /** Functions and data sets. */
    Html of(Outline outline) {
        return Html.of("{}{}", functions(outline), data(outline.data()));
    }

    /** In their place when they are not known. */
    static Html unknown(AppOutlines.Answer answer) {
        return Html.of("""
                <section id="functions" aria-labelledby="functions-title"{}>
                <h2 id="functions-title">Functions</h2>
                <div class="failure"><h3>The functions cannot be shown now</h3><p>{}</p></div>
                <p><a href="">Look again</a></p>
                </section>
                """, answer.pending() ? new Html(" data-pending") : Html.EMPTY, answer.problem());
    }

    private Html functions(Outline outline) {
        List<Callable> functions = outline.functions();
        if (functions.isEmpty()) {
            return new Html("""
                    <section id="functions" aria-labelledby="functions-title">
                    <h2 id="functions-title">Functions</h2>
                    <p class="empty">The package exports no function.</p>
                    </section>
                    """);
        }
        boolean one = functions.size() <= OPENED;
        return Html.of(
                """
                <section id="functions" aria-labelledby="functions-title">
                <div class="bar"><h2 id="functions-title">Functions</h2> <span class="quiet small" id="matches" role="status">{}</span></div>
                {}<div class="list">
                {}</div>
                </section>
                """,
                functions.size() == 1 ? "1 function" : functions.size() + " functions",
                functions.size() < FILTERED
                        ? Html.EMPTY
                        : new Html(
                                "<div class=\"field filter\"><label for=\"filter\">Find a function</label><input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" maxlength=\"100\"></div>\n"),
                functions.stream()
                        .map(function -> function(function, one && function.equals(functions.get(0))))
                        .toList());
    }

    private Html function(Callable function, boolean open) {
        return Html.of(
                """
                <details class="function" id="fun-{}" data-name="{}"{}{}>
                <summary><code>{}</code> <span>{}</span></summary>
                <div class="body">
                {}{}</div>
                </details>
                """,
                function.name(),
                function.name(),
                open ? new Html(" open") : Html.EMPTY,
                function.whole() ? Html.EMPTY : new Html(" data-brief"),
                signature(function),
                function.title().orElse(""),
                function.whole() ? whole(function) : brief(function),
                links(function));
    }

    /** The names of the arguments say more at first sight than all their defaults. */
    private static String signature(Callable function) {
        return function.name()
                + function.arguments().stream().map(Argument::name).collect(Collectors.joining(", ", "(", ")"));
    }

    private Html brief(Callable function) {
        return Html.of(
                "{}<p><a class=\"more\" href=\"{}?function={}#fun-{}\">Details and how to call it</a></p>\n",
                arguments(function),
                page,
                UrlEncodedForm.segment(function.name()),
                UrlEncodedForm.segment(function.name()));
    }

    private Html whole(Callable function) {
        return Html.of(
                "{}{}{}{}{}",
                paragraphs(function.description()),
                function.usage()
                        .map(code -> Html.of(
                                "<pre class=\"usage\" tabindex=\"0\" aria-label=\"Usage of {}\">{}</pre>\n",
                                function.name(),
                                code))
                        .orElse(Html.EMPTY),
                arguments(function),
                function.value()
                        .map(text -> Html.of("<h3>Value</h3>\n{}", paragraphs(Optional.of(text))))
                        .orElse(Html.EMPTY),
                snippets(function));
    }

    private static Html paragraphs(Optional<String> text) {
        return new Html(text.stream()
                .flatMap(all -> List.of(all.split("\n{2,}")).stream())
                .map(paragraph ->
                        Html.of("<p class=\"words\">{}</p>\n", paragraph).text())
                .collect(Collectors.joining()));
    }

    private static Html arguments(Callable function) {
        return function.arguments().isEmpty()
                ? Html.EMPTY
                : Html.of(
                        "<dl class=\"arguments\">\n{}</dl>\n",
                        function.arguments().stream().map(OutlineHtml::argument).toList());
    }

    private static Html argument(Argument argument) {
        Html says = argument.standard().isPresent()
                ? Html.of("= {}", shortened(argument.standard().get()))
                : argument.required() ? new Html("required") : Html.EMPTY;
        return Html.of(
                "<dt><code>{}</code> <span class=\"quiet\">{}</span></dt><dd>{}{}</dd>\n",
                argument.name(),
                says,
                argument.description().orElse(""),
                argument.choices().isEmpty()
                        ? Html.EMPTY
                        : Html.of(
                                " <span class=\"quiet\">One of {}.</span>",
                                argument.choices().stream()
                                        .map(choice -> Html.of("<code>{}</code> ", choice))
                                        .toList()));
    }

    private static String shortened(String code) {
        return code.length() <= 100 ? code : code.substring(0, 99) + "…";
    }

    private Html snippets(Callable function) {
        Snippet snippet = Snippet.of(site + home, function);
        return Html.of(
                "<h3>Call it</h3>\n<div class=\"snippets\" data-label=\"Language\">\n{}</div>\n",
                snippet.all().stream()
                        .map(code -> Html.of(
                                "<section data-language=\"{}\">\n<h4>{}</h4>\n<div class=\"code\"><pre tabindex=\"0\" aria-label=\"{} in {}\">{}</pre></div>\n</section>\n",
                                code.language(),
                                code.language(),
                                function.name(),
                                code.language(),
                                code.text()))
                        .toList());
    }

    private Html links(Callable function) {
        Snippet snippet = Snippet.of(site + home, function);
        return Html.of(
                "<p class=\"links\"><a href=\"{}/test/{}\">Try it</a> {}</p>\n",
                root,
                snippet.fragment(root),
                manual(function.topic()));
    }

    private Html manual(Optional<String> topic) {
        return topic.map(page ->
                        Html.of("<a href=\"{}man/{}/html\">Manual page</a>", home, UrlEncodedForm.segment(page)))
                .orElse(Html.EMPTY);
    }

    private Html data(List<Table> tables) {
        return tables.isEmpty()
                ? Html.EMPTY
                : Html.of(
                        """
                        <section id="data" aria-labelledby="data-title">
                        <div class="bar"><h2 id="data-title">Data</h2> <span class="quiet small">{}</span></div>
                        <div class="list">
                        {}</div>
                        </section>
                        """,
                        tables.size() == 1 ? "1 data set" : tables.size() + " data sets",
                        tables.stream()
                                .map(table -> table(table, tables.size() == 1))
                                .toList());
    }

    private Html table(Table table, boolean open) {
        String address = home + "data/" + UrlEncodedForm.segment(table.name());
        return Html.of(
                """
                <details class="function" id="data-{}"{}>
                <summary><code>{}</code> <span>{}</span> <span class="quiet small">{}</span></summary>
                <div class="body">
                {}{}<p class="links"><a href="{}/csv">CSV</a> <a href="{}/json">JSON</a> {}</p>
                </div>
                </details>
                """,
                table.name(),
                open ? new Html(" open") : Html.EMPTY,
                table.name(),
                table.title().orElse(""),
                size(table),
                paragraphs(table.description()),
                table.head().map(head -> rows(table, head)).orElse(Html.EMPTY),
                address,
                address,
                manual(table.topic()));
    }

    private static String size(Table table) {
        String kind = table.kind().orElse("");
        if (table.rows().isEmpty()) {
            return kind;
        }
        return table.columns()
                .map(columns -> "%s, %d × %d".formatted(kind, table.rows().get(), columns))
                .orElse("%s of %d".formatted(kind, table.rows().get()));
    }

    private static Html rows(Table table, Head head) {
        boolean named = !head.names().isEmpty();
        return Html.of(
                """
                <div class="scroll" tabindex="0" role="region" aria-label="First rows of {}">
                <table>
                <thead><tr>{}{}</tr></thead>
                <tbody>
                {}</tbody>
                </table>
                </div>
                {}""",
                table.name(),
                named ? new Html("<th scope=\"col\">row</th>") : Html.EMPTY,
                head.columns().stream()
                        .map(column -> Html.of("<th scope=\"col\"{}>{}</th>", number(column), column.name()))
                        .toList(),
                rows(head, named),
                table.rows().filter(rows -> rows > head.rows().size()).isPresent()
                        ? Html.of(
                                "<p class=\"quiet small\">The first {} of {}.</p>\n",
                                head.rows().size(),
                                table.rows().get())
                        : Html.EMPTY);
    }

    private static List<Html> rows(Head head, boolean named) {
        return java.util.stream.IntStream.range(0, head.rows().size())
                .mapToObj(row -> Html.of(
                        "<tr>{}{}</tr>\n",
                        named
                                ? Html.of(
                                        "<th scope=\"row\">{}</th>",
                                        head.names().get(row))
                                : Html.EMPTY,
                        cells(head, head.rows().get(row))))
                .toList();
    }

    private static List<Html> cells(Head head, List<Optional<String>> cells) {
        return java.util.stream.IntStream.range(0, cells.size())
                .mapToObj(column -> Html.of(
                        "<td{}>{}</td>",
                        number(head.columns().get(column)),
                        cells.get(column)
                                .map(text -> Html.of("{}", text))
                                .orElse(new Html("<span class=\"quiet\">NA</span>"))))
                .toList();
    }

    private static Html number(Given column) {
        return column.value().matches("numeric|integer|integer64") ? new Html(" class=\"number\"") : Html.EMPTY;
    }
}
