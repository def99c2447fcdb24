package org.ocpu.webapp;

import io.javalin.http.HttpStatus;
import java.util.Optional;

/** The page that says what went wrong, where programs get the same words as plain text. */
record ErrorHtml(Frame frame) {
    /**
     * @param message what happened and what to do, maybe in several lines
     * @param id under which the server's log has what nobody expected
     */
    Html page(int status, String message, Optional<String> id) {
        String title = HttpStatus.forStatus(status).getMessage();
        return frame.page(
                Frame.Place.NONE,
                title,
                Html.of(
                        """
                        <p class="status" aria-hidden="true">{}</p>
                        <h1>{}</h1>
                        {}
                        {}{}<p class="links"><a class="button primary" href="/">Apps</a> <a class="button" href="{}/test/">Try the API</a></p>
                        """,
                        status,
                        title,
                        words(message),
                        id.map(this::number).orElse(Html.EMPTY),
                        hint(status),
                        frame.root()),
                "error.css");
    }

    /** Of several lines are R's errors, with the calls that led there. */
    private static Html words(String message) {
        return message.strip().contains("\n")
                ? Html.of(
                        "<pre class=\"words\" tabindex=\"0\" aria-label=\"What went wrong\">{}</pre>", message.strip())
                : Html.of("<p class=\"lead\">{}</p>", message.strip());
    }

    private Html number(String id) {
        return Html.of(
                "<div class=\"code\"><pre aria-label=\"Number of the error\" tabindex=\"0\">{}</pre></div>\n{}",
                id,
                frame.admin()
                        ? Html.of(
                                "<p class=\"quiet\">Tell the server's admin this number: <a href=\"/admin#error-{}\">the admin's page</a> has all of it.</p>\n",
                                id)
                        : Html.EMPTY);
    }

    private static Html hint(int status) {
        return switch (status) {
            case 202, 429, 503 -> new Html("<p><a href=\"\">Try again</a></p>\n");
            case 401 -> new Html("<p>Reload this page to be asked for the password.</p>\n");
            case 404 -> new Html("""
                    <form class="search" role="search" action="/" method="get">
                    <div class="field"><label for="q">Look for an app</label><input id="q" name="q" type="search" maxlength="200" autocomplete="off" spellcheck="false"></div>
                    <button>Search</button>
                    </form>
                    """);
            default -> Html.EMPTY;
        };
    }
}
