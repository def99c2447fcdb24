package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.sse.SseClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ocpu.app.HostedApps;
import org.ocpu.builder.BuildQuery;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;

/** Handlers of the pages for people: the hosted apps, the builds, one build and its log. */
final class BuildPages {
    private static final int LISTED = 200;

    /** Nothing but the server's own files, and nothing inline. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final BuildService builds;
    private final HostedApps apps;
    private final String root;
    private final Pages pages;
    private final Assets assets = new Assets("assets/", "ocpu.css", "ocpu.svg", "build.js");

    /** @param root where the API begins */
    BuildPages(BuildService builds, HostedApps apps, String root) {
        this.builds = builds;
        this.apps = apps;
        this.root = root;
        this.pages = new Pages(root);
    }

    /** {@code GET /}: the hosted apps. */
    void index(Context ctx) {
        String webhook = ctx.scheme() + "://" + Objects.requireNonNullElse(ctx.host(), "localhost") + root + "/webhook";
        html(ctx, pages.index(apps.list(), builds.builds(BuildQuery.newest(LISTED)), webhook));
    }

    /** {@code GET /builds}: recent builds, as JSON on request. */
    void list(Context ctx) {
        List<BuildView> recent = builds.builds(BuildQuery.newest(LISTED));
        if (wantsJson(ctx)) {
            ctx.json(recent.stream().map(BuildJson::of).toList());
        } else {
            html(ctx, pages.builds(recent));
        }
    }

    /** {@code GET /builds/{id}}: one build, as JSON on request. */
    void show(Context ctx) {
        BuildView build = build(ctx);
        if (wantsJson(ctx)) {
            ctx.json(BuildJson.of(build));
        } else {
            html(ctx, pages.build(build, lines(build)));
        }
    }

    /**
     * {@code GET /builds/{id}/events}: the build as server-sent events until it is finished.
     *
     * <p>{@code line} is a line of the log with its number as id, {@code state} the build as {@code /builds/{id}} shows
     * it, {@code end} comes last. The log starts after {@code Last-Event-ID}, or after the line that {@code after} names.
     */
    void events(SseClient client) {
        client.keepAlive();
        try {
            Context ctx = client.ctx();
            new BuildEvents(builds, client, build(ctx).id()).follow(after(ctx));
        } catch (NotFoundResponse missing) {
            client.sendEvent("end", Map.of("message", "no such build"));
            client.close();
        }
    }

    /** {@code GET /builds/{id}/log}: the log as text, so far; a {@code Range} gets what came since. */
    void log(Context ctx) {
        Path log = builds.log(build(ctx).id()).orElseThrow(NotFoundResponse::new);
        StaticFiles.serve(ctx, log.getParent(), log.getFileName().toString(), "no-cache");
    }

    /** {@code GET /assets/{name}}: a file of the pages. */
    void asset(Context ctx) {
        assets.serve(ctx, ctx.pathParam("name"));
    }

    private BuildView build(Context ctx) {
        return number(ctx.pathParam("id")).flatMap(builds::build).orElseThrow(NotFoundResponse::new);
    }

    private static long after(Context ctx) {
        return number(ctx.header("Last-Event-ID"))
                .or(() -> number(ctx.queryParam("after")))
                .orElse(0L);
    }

    private static Optional<Long> number(String text) {
        return Optional.ofNullable(text)
                .filter(digits -> digits.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    /** The complete lines of a log that may be growing. */
    private List<String> lines(BuildView build) {
        Optional<Path> log = builds.log(build.id());
        if (log.isEmpty()) {
            return List.of();
        }
        try {
            String text = new String(Files.readAllBytes(log.get()), UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean wantsJson(Context ctx) {
        String accept = Objects.requireNonNullElse(ctx.header("Accept"), "");
        return accept.contains("application/json") && !accept.contains("text/html");
    }

    private static void html(Context ctx, Html page) {
        ctx.header("Content-Security-Policy", POLICY)
                .header("Cache-Control", "no-cache")
                .header("Vary", "Accept")
                .html(page.text())
                .contentType("text/html;charset=utf-8");
    }
}
