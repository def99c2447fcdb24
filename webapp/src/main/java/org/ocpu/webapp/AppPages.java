package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ocpu.app.RpcService;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.Readme;

/** Handler of the page of each app. */
final class AppPages {
    private final RpcService rpc;
    private final BuildService builds;
    private final AppOutlines outlines;
    private final Frame frame;
    private final ReaderGuard readers;
    private final boolean repo;

    /** @param repo whether the server is a repository of packages, too */
    AppPages(Routes.Modules modules, Frame frame, ReaderGuard readers, boolean repo) {
        this.rpc = modules.rpc();
        this.builds = modules.builds();
        this.outlines = modules.outlines();
        this.repo = repo;
        this.frame = frame;
        this.readers = readers;
    }

    /** {@code GET /apps/{owner}/{repo}[/{part}]?function=}: all that is known of an app, with one function whole. */
    void show(Context ctx) {
        AppName asked = AppResource.name(ctx);
        readers.check(ctx, asked);
        AppView app = builds.app(asked)
                .orElseThrow(() -> new NotFoundResponse("There is no app " + asked + " on this server."));
        String site = ctx.scheme() + "://" + Objects.requireNonNullElse(ctx.host(), "localhost");
        BuildPages.html(ctx, new AppHtml(frame, Instant.now(), site).page(told(ctx, app, site)));
    }

    private AppHtml.Told told(Context ctx, AppView app, String site) {
        AppName name = app.name();
        return new AppHtml.Told(
                app,
                Optional.ofNullable(builds.newestBuilds(List.of(name)).get(name)),
                buildsOf(app),
                opens(name),
                offered(name),
                builds.repository(name),
                rpc.sessionCount("apps/" + name.toString().toLowerCase(Locale.ROOT)),
                outline(ctx, name, site),
                readme(ctx, name));
    }

    private Map<Long, BuildView> buildsOf(AppView app) {
        Map<Long, BuildView> found = new HashMap<>();
        app.versions().forEach(version -> builds.build(version.build())
                .ifPresent(build -> found.put(version.build(), build)));
        return found;
    }

    private boolean opens(AppName name) {
        return rpc.libraries()
                .apps()
                .find(name.owner(), name.path())
                .filter(ref -> Files.isDirectory(ref.directory().resolve("www")))
                .isPresent();
    }

    private boolean offered(AppName name) {
        return repo
                && rpc.libraries().apps().list(name.owner()).stream()
                        .filter(app -> name.toString().equalsIgnoreCase(app.owner() + "/" + app.path()))
                        .anyMatch(app -> app.offersSource(builds.offersPrivateSources()));
    }

    private Html outline(Context ctx, AppName name, String site) {
        AppOutlines.Answer answer = outlines.of(Crowd.client(ctx), name);
        if (answer.outline().isEmpty()) {
            return OutlineHtml.unknown(answer);
        }
        Outline outline = Outline.of(answer.outline().get());
        String wanted = ctx.queryParam("function");
        if (wanted != null
                && outline.functions().stream().anyMatch(one -> one.name().equals(wanted) && !one.whole())) {
            AppOutlines.Answer whole = outlines.function(Crowd.client(ctx), name, wanted);
            outline = whole.outline().map(Outline::callable).map(outline::with).orElse(outline);
        }
        return new OutlineHtml(frame.root(), frame.appAddress(name), site, "/apps/" + name).of(outline);
    }

    /** Of a repository that not anyone may read it is shown where its source is offered, and to whom the app's own rule names. */
    private Html readme(Context ctx, AppName name) {
        Optional<Readme> readme = builds.readme(name);
        boolean shown = builds.offersPrivateSources() || ReaderGuard.isGuarded(ctx);
        return readme.filter(one -> one.open() || shown).map(ReadmeHtml::of).orElse(Html.EMPTY);
    }
}
