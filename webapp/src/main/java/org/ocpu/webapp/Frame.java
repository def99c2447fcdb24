package org.ocpu.webapp;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is around each of the server's HTML pages.
 *
 * @param root where the API begins
 * @param syncs whether there are any to show
 * @param admin whether the admin's actions are switched on
 */
record Frame(String root, boolean syncs, boolean admin) {
    /** Which part of the server a page belongs to. */
    enum Place {
        APPS,
        BUILDS,
        SYNCS,
        API,
        ADMIN,
        /** Where something went wrong. */
        NONE
    }

    private record Link(Place place, String address, String label) {}

    /**
     * A whole page.
     *
     * @param main what is in {@code <main>}
     * @param assets style sheets and scripts that the page needs beside those of every page, by their names in {@code assets/}
     */
    Html page(Place place, String title, Html main, String... assets) {
        return Html.of(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{} - ocpu</title>
                <link rel="icon" href="{}" type="image/svg+xml">
                {}</head>
                <body>
                <a class="skip" href="#main">Skip to the content</a>
                <header><nav aria-label="Main">{}</nav></header>
                <main id="main" tabindex="-1">
                {}</main>
                </body>
                </html>
                """,
                title,
                Assets.PAGES.address("ocpu.svg"),
                Stream.concat(Stream.of("ocpu.css", "page.js"), Stream.of(assets))
                        .map(Frame::loaded)
                        .toList(),
                navigation(place),
                main);
    }

    /** Where an app's API and its page are. */
    String appAddress(Object app) {
        return root + "/apps/" + app + "/";
    }

    private static Html loaded(String asset) {
        String address = Assets.PAGES.address(asset);
        return asset.endsWith(".css")
                ? Html.of("<link rel=\"stylesheet\" href=\"{}\">\n", address)
                : Html.of("<script type=\"module\" src=\"{}\"></script>\n", address);
    }

    private List<Html> navigation(Place now) {
        return Stream.of(
                        new Link(Place.NONE, "/", "ocpu"),
                        new Link(Place.APPS, "/", "Apps"),
                        new Link(Place.BUILDS, "/builds", "Builds"),
                        new Link(Place.SYNCS, "/syncs", "Syncs"),
                        new Link(Place.API, root + "/test/", "API"),
                        new Link(Place.ADMIN, "/admin", "Admin"))
                .filter(link -> syncs || link.place() != Place.SYNCS)
                .filter(link -> admin || link.place() != Place.ADMIN)
                .map(link -> Html.of(
                        "<a href=\"{}\"{}>{}</a> ",
                        link.address(),
                        link.place() == Place.NONE
                                ? new Html(" class=\"brand\"")
                                : link.place() == now ? new Html(" aria-current=\"page\"") : Html.EMPTY,
                        link.label()))
                .toList();
    }
}
