package org.ocpu.builder;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A letter as HTML for mail programs: everything escaped, styles only in attributes, no images, nothing that is
 * fetched. It sets no colours of text or page, so that dark programs can have their own; what has a background has a text
 * colour that is readable on it.
 */
final class HtmlLetter {
    /** Characters of a section: programs cut a mail off somewhere above 100 kB, and the page has the rest. */
    private static final int LONGEST_SECTION = 20_000;

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en" style="color-scheme: light dark">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <title>{title}</title>
            </head>
            <body style="margin: 0; padding: 16px; font-family: system-ui, -apple-system, 'Segoe UI', sans-serif;\
             font-size: 16px; line-height: 1.5">
            <div style="max-width: 640px; margin: 0 auto; overflow-wrap: anywhere">
            {body}
            </div>
            </body>
            </html>
            """;
    private static final String BADGE =
            "display: inline-block; padding: 2px 12px; border-radius: 12px; font-weight: 600;"
                    + " color: #ffffff; background: ";
    private static final String GOOD = "#15803d";
    private static final String BAD = "#b91c1c";
    private static final String BUTTON =
            "display: inline-block; margin: 0 8px 8px 0; padding: 10px 18px; border-radius: 6px;"
                    + " color: #ffffff; background: #4338ca; text-decoration: none";
    private static final String LINES =
            "margin: 0 0 16px; padding: 12px; border: 1px solid #7c899c; border-radius: 6px;"
                    + " font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere";
    private static final String TITLE = "margin: 24px 0 8px; font-size: 17px; line-height: 1.3";
    private static final String PARAGRAPH = "margin: 0 0 16px";
    private static final String NAME =
            "padding: 2px 16px 2px 0; text-align: left; font-weight: 400; vertical-align: top";
    private static final String VALUE = "padding: 2px 0; vertical-align: top; overflow-wrap: anywhere";

    private final Letter letter;

    HtmlLetter(Letter letter) {
        this.letter = letter;
    }

    @Override
    public String toString() {
        String body = String.join(
                        "\n", badge(), paragraph(letter.opening() + "."), reason(), outcome(), buttons(), facts())
                + letter.sections().stream().map(HtmlLetter::section).collect(Collectors.joining("\n", "\n", ""));
        return PAGE.replace("{title}", Text.html(letter.opening())).replace("{body}", body);
    }

    private String badge() {
        String colour = letter.badge().good() ? GOOD : BAD;
        return element(
                "p",
                PARAGRAPH,
                element("span", BADGE + colour, Text.html(letter.badge().words())));
    }

    private String reason() {
        return letter.reason().map(why -> lines(why)).orElse("");
    }

    private String outcome() {
        return letter.outcome().isEmpty() ? "" : paragraph(letter.outcome());
    }

    private String buttons() {
        String app =
                letter.app().map(address -> button(address, "Open the app")).orElse("");
        return element(
                "p",
                PARAGRAPH,
                app + button(letter.page().address(), letter.page().words()));
    }

    private String facts() {
        List<String> rows = letter.facts().stream()
                .map(fact -> element(
                        "tr",
                        "",
                        element("th", NAME, Text.html(fact.name())) + element("td", VALUE, Text.html(fact.value()))))
                .toList();
        return element("table", "border-collapse: collapse", String.join("\n", rows));
    }

    private static String section(Letter.Section section) {
        String content = section.content().strip();
        int rest = content.indexOf('\n', Math.max(0, content.length() - LONGEST_SECTION));
        boolean whole = content.length() <= LONGEST_SECTION || rest < 0;
        return element("h2", TITLE, Text.html(section.title()))
                + "\n"
                + lines(whole ? content : "[...]" + content.substring(rest));
    }

    private static String paragraph(String text) {
        return element("p", PARAGRAPH, Text.html(text));
    }

    private static String lines(String text) {
        return element("pre", LINES, Text.html(text));
    }

    private static String button(URI address, String words) {
        return "<a href=\"%s\" style=\"%s\">%s</a>".formatted(Text.html(address.toString()), BUTTON, words);
    }

    private static String element(String name, String style, String html) {
        return style.isEmpty()
                ? "<%s>%s</%s>".formatted(name, html, name)
                : "<%s style=\"%s\">%s</%s>".formatted(name, style, html, name);
    }
}
