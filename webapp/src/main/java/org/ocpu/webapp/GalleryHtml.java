package org.ocpu.webapp;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;

/**
 * The page of the hosted apps, complete without JavaScript; {@code gallery.js} searches while one types.
 *
 * @param now when it is looked at
 */
record GalleryHtml(Frame frame, Instant now) {
    /**
     * The apps that somebody looks for, their previews among them, or how to host a first one.
     *
     * @param newest the newest build of an app that led somewhere or will
     * @param webhook the webhook's address as GitHub is to be told
     */
    Html page(Gallery asked, Gallery.Found found, Map<AppName, BuildView> newest, String webhook) {
        return frame.page(
                Frame.Place.APPS,
                "Apps",
                Html.of(
                        """
                        <div class="bar"><h1>Apps</h1> <a href="#add">Add your own</a></div>
                        <p class="lead">R packages pushed to GitHub, live here as web pages and HTTP APIs.</p>
                        {}{}
                        """,
                        found.all() == 0
                                ? Html.of(
                                        "<p class=\"empty\">No app is here yet. The first one is three steps away.</p>")
                                : apps(asked, found, newest),
                        steps(webhook)),
                "gallery.css",
                "gallery.js");
    }

    private Html apps(Gallery asked, Gallery.Found found, Map<AppName, BuildView> newest) {
        return Html.of(
                """
                <form class="search" id="search" role="search" action="/" method="get">
                <div class="field"><label for="q">Search</label><input id="q" name="q" type="search" value="{}" autocomplete="off" spellcheck="false" maxlength="200" placeholder="Title, package or what it does"></div>
                <div class="field"><label for="owner">Owner</label><select id="owner" name="owner"><option value="">Everyone ({})</option>{}</select></div>
                <button class="unscripted">Search</button>
                </form>
                <section id="apps" aria-label="Apps found">
                <p class="quiet" id="found" role="status">{}</p>
                {}{}</section>
                """,
                asked.text(),
                found.all(),
                found.owners().entrySet().stream()
                        .map(owner -> option(owner.getKey(), owner.getValue(), asked))
                        .toList(),
                summary(asked, found),
                list(found, newest),
                paging(asked, found));
    }

    private static Html option(String owner, long apps, Gallery asked) {
        boolean chosen = asked.owner().filter(owner::equalsIgnoreCase).isPresent();
        return Html.of(
                "<option value=\"{}\"{}>{} ({})</option>",
                owner,
                chosen ? new Html(" selected") : Html.EMPTY,
                owner,
                apps);
    }

    private static Html summary(Gallery asked, Gallery.Found found) {
        if (found.found() == 0) {
            return Html.of("Nothing matches{}. <a href=\"/\">Show all {} apps</a>", described(asked), found.all());
        }
        String apps = found.found() == 1 ? "1 app" : found.found() + " apps";
        return found.pages() == 1
                ? Html.of("{}{}", apps, described(asked))
                : Html.of(
                        "{}–{} of {}{}",
                        found.first(),
                        found.first() + found.shown().size() - 1,
                        apps,
                        described(asked));
    }

    private static String described(Gallery asked) {
        return asked.owner().map(owner -> " of " + owner).orElse("")
                + (asked.text().isBlank() ? "" : " with “" + asked.text().strip() + "”");
    }

    private Html list(Gallery.Found found, Map<AppName, BuildView> newest) {
        return found.found() == 0
                ? Html.EMPTY
                : Html.of(
                        "<ul class=\"cards\">\n{}</ul>\n",
                        found.shown().stream()
                                .map(app -> card(app, Optional.ofNullable(newest.get(app.name()))))
                                .toList());
    }

    private Html card(AppView app, Optional<BuildView> newest) {
        AppName name = app.name();
        String home = frame.appAddress(name);
        return Html.of(
                """
                <li class="card app">
                {}
                <h2><a href="/apps/{}">{}</a></h2>
                <p class="name"><a href="/?owner={}">{}</a>/{} {} {}</p>
                <p class="about">{}</p>
                <p class="links">{} {} <a class="open" href="{}" aria-label="Open {}">Open</a></p>
                </li>
                """,
                AppIcon.of(app, home),
                name,
                app.title().isBlank() ? app.packageName() : app.title(),
                UrlEncodedForm.encoded(name.owner()),
                name.owner(),
                name.path(),
                app.live().version(),
                name.preview().isEmpty() ? Html.EMPTY : new Html("<span class=\"state\">preview</span>"),
                app.about(),
                HtmlParts.health(newest),
                build(app, newest),
                home,
                name);
    }

    /** The build that was last, or, when no record of it is left, the one that made the live version. */
    private Html build(AppView app, Optional<BuildView> newest) {
        long id = newest.map(BuildView::id).orElse(app.live().build());
        Instant when = newest.map(build -> build.finishedAt().orElse(build.queuedAt()))
                .orElse(app.live().publishedAt());
        return Html.of("<a href=\"/builds/{}\">Build {}</a> {}", id, id, HtmlParts.ago(when, now));
    }

    private static Html paging(Gallery asked, Gallery.Found found) {
        if (found.pages() == 1) {
            return Html.EMPTY;
        }
        return Html.of(
                "<nav class=\"paging\" aria-label=\"Pages of apps\">{} <span>Page {} of {}</span> {}</nav>\n",
                found.page() == 1
                        ? Html.EMPTY
                        : Html.of("<a rel=\"prev\" href=\"{}\">Previous</a>", address(asked, found.page() - 1)),
                found.page(),
                found.pages(),
                found.page() == found.pages()
                        ? Html.EMPTY
                        : Html.of("<a rel=\"next\" href=\"{}\">Next</a>", address(asked, found.page() + 1)));
    }

    private static String address(Gallery asked, int page) {
        return "/?" + (asked.text().isBlank() ? "" : "q=" + UrlEncodedForm.encoded(asked.text()) + "&")
                + asked.owner()
                        .map(owner -> "owner=" + UrlEncodedForm.encoded(owner) + "&")
                        .orElse("") + "page=" + page;
    }

    private static Html steps(String webhook) {
        return Html.of("""
                <section class="add" aria-labelledby="add">
                <h2 id="add">Add your own</h2>
                <ol class="steps">
                <li><strong>Have an R package in a GitHub repository.</strong> Its functions become an HTTP API; what is in
                <code>inst/www</code> becomes its web page, and <code>inst/icon.png</code> its picture here.</li>
                <li><strong>Add a webhook</strong> in the repository's Settings, Webhooks, Add webhook, with this payload URL,
                content type <code>application/json</code> and just the push event:
                <div class="code"><pre tabindex="0" aria-label="Payload URL">{}</pre></div>
                The secret is in the file <code>webhook.secret</code> of the server's data directory; its admin gives it to you.</li>
                <li><strong>Push to the default branch.</strong> A moment later it is live here, or a mail tells you why not.</li>
                </ol>
                <p class="quiet">To try it without GitHub, on the server: <code>./ocpu push OWNER/REPO PATH</code></p>
                </section>
                """, webhook);
    }
}
