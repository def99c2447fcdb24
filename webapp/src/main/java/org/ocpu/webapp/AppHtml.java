package org.ocpu.webapp;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.ocpu.app.SessionCount;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;
import org.ocpu.builder.VersionView;
import org.ocpu.builder.Words;

/**
 * The page of one app, complete without JavaScript; {@code app.js} adds tabs, a filter and what the admin can do.
 *
 * @param now when it is looked at
 * @param site the server's address, as the browser knows it
 */
record AppHtml(Frame frame, Instant now, String site) {
    /**
     * All that the page tells.
     *
     * @param newest the newest build that says how the app stands
     * @param builds by number, as far as they are known
     * @param opens whether the package has a page of its own
     * @param offered whether its source is in the server's repository of packages
     * @param repository the page of the repository it was made from
     * @param outline of functions and data sets, or why there is none
     */
    record Told(
            AppView app,
            Optional<BuildView> newest,
            Map<Long, BuildView> builds,
            boolean opens,
            boolean offered,
            Optional<URI> repository,
            SessionCount sessions,
            Html outline,
            Html readme) {}

    Html page(Told told) {
        AppView app = told.app();
        String title = app.title().isBlank() ? app.packageName() : app.title();
        return frame.page(
                Frame.Place.APPS,
                title,
                Html.of(
                        """
                        <article class="app" data-app="{}">
                        {}{}
                        <div class="split">
                        <div>
                        {}{}</div>
                        <aside aria-label="About this app">
                        {}{}{}</aside>
                        </div>
                        {}</article>
                        """,
                        app.name(),
                        head(told, title),
                        failure(told),
                        told.outline(),
                        readme(told),
                        facts(told),
                        told.offered() ? install(app) : Html.EMPTY,
                        badge(app.name()),
                        versions(told)),
                frame.admin()
                        ? new String[] {"app.css", "app.js", "app-admin.js"}
                        : new String[] {"app.css", "app.js"});
    }

    private Html head(Told told, String title) {
        AppView app = told.app();
        AppName name = app.name();
        String home = frame.appAddress(name);
        return Html.of(
                """
                <div class="head">
                {}
                <div>
                <h1>{}</h1>
                <p class="name"><a href="/?owner={}">{}</a>/{} {} {}</p>
                </div>
                <p class="open">{}</p>
                </div>
                <p class="lead">{}</p>
                """,
                AppIcon.of(app, home),
                title,
                UrlEncodedForm.encoded(name.owner()),
                name.owner(),
                name.path(),
                HtmlParts.health(told.newest()),
                name.preview().isEmpty() ? Html.EMPTY : new Html("<span class=\"state\">preview</span>"),
                told.opens()
                        ? Html.of("<a class=\"button primary\" href=\"{}www/\">Open the app</a>", home)
                        : Html.of("<a class=\"button\" href=\"{}info\">Read about the package</a>", home),
                app.about());
    }

    private static Html failure(Told told) {
        return told.newest()
                .filter(build -> build.state() == State.FAILED)
                .map(build -> Html.of(
                        """
                        <div class="failure"><h2>The last build failed{}</h2>
                        <p>Version {} stays live. <a href="/builds/{}">Build {}</a> tells why.</p></div>
                        """,
                        build.failedStage().map(stage -> " at " + stage).orElse(""),
                        told.app().live().version(),
                        build.id(),
                        build.id()))
                .orElse(Html.EMPTY);
    }

    private static Html readme(Told told) {
        return told.readme().equals(Html.EMPTY) ? Html.EMPTY : Html.of("""
                        <section id="readme" aria-labelledby="readme-title">
                        <h2 id="readme-title">README</h2>
                        <div class="card readme">
                        {}</div>
                        </section>
                        """, told.readme());
    }

    private Html facts(Told told) {
        AppView app = told.app();
        return Html.of(
                """
                <h2>About</h2>
                <dl class="facts">
                <dt>Package</dt><dd>{} {}</dd>
                {}<dt>Live since</dt><dd>{}</dd>
                {}<dt>Sessions made</dt><dd>{}{}</dd>
                <dt>Size</dt><dd>{}{}</dd>
                <dt>API</dt><dd><a href="{}R/">Functions</a>, <a href="{}info">description</a>, <a href="{}html/">manual</a></dd>
                </dl>
                """,
                app.packageName(),
                app.live().version(),
                told.repository()
                        .map(page -> Html.of(
                                "<dt>Repository</dt><dd><a href=\"{}\">{}</a></dd>\n",
                                page,
                                app.name().repository()))
                        .orElse(Html.EMPTY),
                HtmlParts.ago(app.live().publishedAt(), now),
                told.newest()
                        .map(build -> Html.of(
                                "<dt>Last build</dt><dd><a href=\"/builds/{}\">Build {}</a> {}</dd>\n",
                                build.id(),
                                build.id(),
                                HtmlParts.state(build.state())))
                        .orElse(Html.EMPTY),
                "%,d".formatted(told.sessions().made()),
                told.sessions().kept() == 0
                        ? ""
                        : "; %,d kept, %s"
                                .formatted(
                                        told.sessions().kept(),
                                        Words.size(told.sessions().bytes())),
                Words.size(app.live().bytes()),
                app.versions().size() == 1 ? "" : " live, " + Words.size(app.bytes()) + " in all",
                frame.appAddress(app.name()),
                frame.appAddress(app.name()),
                frame.appAddress(app.name()));
    }

    private Html install(AppView app) {
        return code(
                "Install in R",
                "install.packages(\"%s\", repos = \"%s/repo/%s\")"
                        .formatted(
                                app.packageName(),
                                site + frame.root(),
                                app.name().owner()));
    }

    private Html badge(AppName name) {
        String picture = frame.appAddress(name) + "badge.svg";
        String page = site + "/apps/" + name;
        return Html.of(
                "<h2>Badge</h2>\n<p><img src=\"{}\" alt=\"How the app is\" height=\"20\"></p>\n{}{}",
                picture,
                code("Markdown", "[![ocpu](%s)](%s)".formatted(site + picture, page), "h3"),
                code("HTML", "<a href=\"%s\"><img src=\"%s\" alt=\"ocpu\"></a>".formatted(page, site + picture), "h3"));
    }

    private static Html code(String title, String text) {
        return code(title, text, "h2");
    }

    private static Html code(String title, String text, String level) {
        Html heading = new Html(level);
        return Html.of(
                "<{}>{}</{}>\n<div class=\"code\"><pre tabindex=\"0\" aria-label=\"{}\">{}</pre></div>\n",
                heading,
                title,
                heading,
                title,
                text);
    }

    private Html versions(Told told) {
        return Html.of(
                """
                <section id="versions" aria-labelledby="versions-title">
                <h2 id="versions-title">Versions</h2>
                {}<div class="scroll" tabindex="0" role="region" aria-label="Table of versions">
                <table>
                <thead><tr><th scope="col">Version</th><th scope="col">Published</th><th scope="col">Pushed by</th><th scope="col">Commit</th><th scope="col">Branch</th><th scope="col">Build</th><th scope="col" class="number">Size</th><th scope="col"><span class="visually-hidden">State</span></th></tr></thead>
                <tbody>
                {}</tbody>
                </table>
                </div>
                {}</section>
                """,
                frame.admin() ? AdminHtml.controls() : Html.EMPTY,
                told.app().versions().stream()
                        .map(version -> version(told, version))
                        .toList(),
                frame.admin() ? actions(told.app()) : Html.EMPTY);
    }

    private Html version(Told told, VersionView version) {
        Optional<BuildView> build = Optional.ofNullable(told.builds().get(version.build()));
        return Html.of(
                """
                <tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{} {}</td><td>{}</td><td><a href="/builds/{}">Build {}</a></td><td class="number">{}</td><td>{}</td></tr>
                """,
                version.version(),
                HtmlParts.ago(version.publishedAt(), now),
                build.map(BuildView::pusher).orElse(""),
                commit(told.repository(), version),
                build.map(BuildView::message).orElse(""),
                version.ref().replaceFirst("refs/[a-z]+/", ""),
                version.build(),
                version.build(),
                Words.size(version.bytes()),
                version.live()
                        ? new Html("<span class=\"state\" data-state=\"succeeded\">live</span>")
                        : rollback(version));
    }

    private static Html commit(Optional<URI> repository, VersionView version) {
        String shortened =
                version.commit().substring(0, Math.min(7, version.commit().length()));
        return repository
                .map(page -> Html.of("<a href=\"{}/commit/{}\"><code>{}</code></a>", page, version.commit(), shortened))
                .orElse(Html.of("<code>{}</code>", shortened));
    }

    private Html rollback(VersionView version) {
        return frame.admin()
                ? Html.of(
                        "<button type=\"button\" class=\"scripted-only\" data-does=\"rollback\" data-version=\"{}\" data-says=\"Version {} of build {}\">Make live</button>",
                        version.build(),
                        version.version(),
                        version.build())
                : Html.EMPTY;
    }

    private static Html actions(AppView app) {
        return Html.of("""
                <p class="actions"><button type="button" data-does="rebuild">Build again</button> <button type="button" class="danger" data-does="remove">Remove the app</button></p>
                <p class="quiet unscripted small">On the server's machine: <code>./ocpu rollback {}</code>, <code>./ocpu rebuild {}</code>, <code>./ocpu remove {}</code></p>
                """, app.name(), app.name(), app.name());
    }
}
