package org.ocpu.webapp;

/**
 * What is around each of the server's HTML pages.
 *
 * @param root where the API begins
 * @param syncs whether there are any to show
 */
record Frame(String root, boolean syncs) {
    private static final Html SYNCS = new Html("<a href=\"/syncs\">Syncs</a> ");

    Html page(String title, Html main) {
        return Html.of("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{} - ocpu</title>
                <link rel="icon" href="/assets/ocpu.svg" type="image/svg+xml">
                <link rel="stylesheet" href="/assets/ocpu.css">
                </head>
                <body>
                <header><nav aria-label="Main"><a class="brand" href="/">ocpu</a> <a href="/">Apps</a> <a href="/builds">Builds</a> {}<a href="{}/test/">API</a></nav></header>
                <main>
                {}</main>
                </body>
                </html>
                """, title, syncs ? SYNCS : Html.EMPTY, root, main);
    }
}
