package org.ocpu.webapp;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** The page {@code /admin} without what needs the token: that comes by {@code admin.js}. */
final class AdminPageHtml {
    /** A part of the page, shown alone. */
    private record Section(String id, String title, String lead, Html content) {}

    private static final List<Section> SECTIONS = List.of(
            new Section("overview", "Overview", "How the server does now, and did in the last hour.", new Html("""
                    <ul id="problems" class="failure" hidden></ul>
                    <dl id="numbers" class="numbers"></dl>
                    <div id="charts" class="charts"></div>
                    <p class="quiet small" id="versions"></p>
                    """)),
            new Section(
                    "engines",
                    "Engines",
                    "R processes with a package loaded, from which each request gets a fresh worker.",
                    new Html("<div id=\"engine-list\"></div>\n")),
            new Section(
                    "storage",
                    "Storage",
                    "What takes the disk of the data directory.",
                    new Html("<div id=\"storage-shown\"></div>\n")),
            new Section(
                    "syncs",
                    "Syncs",
                    "Libraries that are kept in sync with repositories: when next, and what came of it.",
                    new Html("<div id=\"sync-list\"></div>\n")),
            new Section(
                    "mail",
                    "Mail",
                    "Mails that were given up, and those that nobody has got yet.",
                    new Html("<div id=\"mail-list\"></div>\n")),
            new Section(
                    "settings",
                    "Configuration",
                    "Every setting in force and where it comes from, those that were set first.",
                    new Html("""
                    <form class="search" id="settings-filter" role="search" aria-label="Settings">
                    <div class="field"><label for="settings-text">Filter</label><input id="settings-text" type="search" autocomplete="off" spellcheck="false" placeholder="Name, value or origin"></div>
                    <div class="field"><label for="settings-origin">From</label><select id="settings-origin"><option value="">everywhere</option><option value="set">set by somebody</option><option value="default">default</option></select></div>
                    </form>
                    <p id="settings-found" class="quiet small" role="status"></p>
                    <div id="settings-list"></div>
                    """)),
            new Section(
                    "errors",
                    "Errors",
                    "What nobody expected, newest first, by the id that its answer showed.",
                    new Html("""
                    <form class="search" id="error-search" role="search" aria-label="Errors">
                    <div class="field"><label for="error-id">Error id</label><input id="error-id" type="search" autocomplete="off" spellcheck="false" maxlength="40" placeholder="Such as 1a2b3c4d"></div>
                    <button class="primary">Show</button>
                    </form>
                    <div id="error-shown"></div>
                    <div id="error-list"></div>
                    """)),
            new Section("log", "Log", "The end of the server's log, as it grows.", new Html("""
                    <form class="search" id="log-filter" role="search" aria-label="Log">
                    <div class="field"><label for="log-text">Filter</label><input id="log-text" type="search" autocomplete="off" spellcheck="false" placeholder="Only lines with this"></div>
                    <div class="field"><label for="log-level">Level</label><select id="log-level"><option value="">all</option><option value="INFO">info and worse</option><option value="WARN">warnings and errors</option><option value="ERROR">errors</option></select></div>
                    <button type="button" id="log-pause" aria-pressed="false">Pause</button>
                    </form>
                    <p id="log-state" class="quiet small" role="status"></p>
                    <div id="log-lines" class="log-lines" tabindex="0" role="log" aria-live="off" aria-label="Server log"></div>
                    """)));

    private AdminPageHtml() {}

    /** @param site where this server is, for the command that gets the same */
    static Html page(Frame frame, URI site) {
        return frame.page(
                Frame.Place.ADMIN,
                "Admin",
                Html.of("""
                        <h1>Admin</h1>
                        <p id="connection" class="small" role="status" hidden></p>
                        <p id="said" role="status" tabindex="-1"></p>
                        {}{}
                        <div id="console" hidden>
                        <nav class="sections" aria-label="Parts of this page">{} <button type="button" class="plain" id="sign-out">Forget the token</button></nav>
                        {}</div>
                        """, unscripted(site), signIn(), links(), sections()),
                "admin.css",
                "admin.js");
    }

    /** For those whose browser runs no scripts, without which the token cannot go into a header. */
    private static Html unscripted(URI site) {
        return Html.of(
                """
                <div class="unscripted">
                <p>This page needs JavaScript, since it sends the admin token in a header. The same without a browser:</p>
                <pre><code>curl -H "Authorization: Bearer $OCPU_TOKEN" {}/api/v1/status</code></pre>
                <p>So it is with {}. <a href="/api/v1/openapi.json">All addresses</a></p>
                </div>
                """,
                site,
                Stream.of("metrics", "engines", "sessions", "storage", "settings", "errors", "log", "outbox")
                        .map(name -> Html.of("<code>/api/v1/{}</code> ", name))
                        .toList());
    }

    private static Html signIn() {
        return new Html("""
                <form id="sign-in" class="card sign-in" aria-labelledby="sign-in-title" aria-describedby="sign-in-why">
                <h2 id="sign-in-title">Admin token</h2>
                <p id="sign-in-why">The server printed it at its first start; <code>./ocpu token</code> on its machine makes a new one. This page forgets it when you leave.</p>
                <p id="sign-in-wrong" class="wrong" role="alert" hidden></p>
                <label for="token">Token</label>
                <div class="together"><input id="token" type="password" autocomplete="off" required> <button class="primary">Show</button></div>
                </form>
                """);
    }

    private static List<Html> links() {
        return SECTIONS.stream()
                .map(section -> Html.of("<a href=\"#{}\">{}</a> ", section.id(), section.title()))
                .toList();
    }

    private static List<Html> sections() {
        return SECTIONS.stream()
                .map(section -> Html.of(
                        """
                        <section id="part-{}" hidden>
                        <div class="bar"><h2>{}</h2> <button type="button" data-refresh="{}" {}>Refresh</button></div>
                        <p class="quiet">{}</p>
                        {}</section>
                        """,
                        section.id(),
                        section.title(),
                        section.id(),
                        List.of("overview", "log").contains(section.id()) ? "hidden" : "",
                        section.lead(),
                        section.content()))
                .toList();
    }

    /** On a server whose admin does nothing over HTTP. */
    static Html off(Frame frame) {
        return frame.page(Frame.Place.ADMIN, "Admin", new Html("""
                <h1>Admin</h1>
                <p class="empty">What needs the admin token is switched off on this server. Its admin can set <code>enable.admin: true</code> in <code>ocpu.conf</code> and start it again.</p>
                """));
    }
}
