package org.ocpu.webapp;

import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.function.Function;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;
import org.ocpu.builder.BuildService;

/** Every address of the server, and what answers there. */
final class Routes {
    private final BuildPages pages;
    private final ApiHeaders headers;
    private final LibraryResource libraries;
    private final PackageResource packages;
    private final SessionResource sessions;
    private final WebhookResource webhook;

    Routes(RpcService rpc, BuildService builds, WebConfig config) {
        CallReader calls = new CallReader(config.maxBody());
        this.pages = new BuildPages(builds, rpc.libraries().apps());
        this.headers = new ApiHeaders(rpc);
        this.libraries = new LibraryResource(rpc);
        this.packages = new PackageResource(rpc, calls);
        this.sessions = new SessionResource(rpc, calls);
        this.webhook = new WebhookResource(builds, config.maxBody());
    }

    void register(JavalinConfig javalin) {
        javalin.router.ignoreTrailingSlashes = false;
        javalin.router.treatMultipleSlashesAsSingleSlash = true;
        RoutesConfig routes = javalin.routes;
        pages(routes);
        routes.before("/ocpu/*", headers::set);
        routes.options("/ocpu/*", headers::preflight);
        get(routes, "/ocpu", ctx -> ctx.redirect("/"));
        get(routes, "/ocpu/", ctx -> ctx.redirect("/"));
        get(routes, "/ocpu/info", libraries::info);
        get(routes, "/ocpu/webhook", webhook::explain);
        routes.post("/ocpu/webhook", webhook::receive);
        listing(routes, "/ocpu/library", libraries::packages);
        listing(routes, "/ocpu/apps", libraries::apps);
        listing(routes, "/ocpu/apps/{owner}", libraries::appsOfOwner);
        packages(routes, "/ocpu/library/{package}", libraries::globalPackage);
        packages(routes, "/ocpu/apps/{owner}/{repo}", libraries::app);
        sessions(routes, "/ocpu/tmp/{key}");
    }

    private void pages(RoutesConfig routes) {
        get(routes, "/", pages::index);
        get(routes, "/builds", pages::list);
        get(routes, "/builds/{id}", pages::show);
        get(routes, "/builds/{id}/log", pages::log);
        routes.sse("/builds/{id}/events", pages::events);
        get(routes, "/assets/{name}", pages::asset);
    }

    /** HEAD runs the same handler, so that it tells the same headers; the body is left out (RFC 9110, section 9.3.2). */
    private static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void listing(RoutesConfig routes, String path, Handler list) {
        get(routes, path, Routes::toDirectory);
        get(routes, path + "/", list);
    }

    /** The same resources for every library: what differs is how an address names a package. */
    private void packages(RoutesConfig routes, String base, Function<Context, PackageRef> find) {
        listing(routes, base, ctx -> packages.home(ctx, find.apply(ctx)));
        listing(routes, base + "/R", ctx -> packages.exports(ctx, find.apply(ctx)));
        get(routes, base + "/info", ctx -> packages.info(ctx, find.apply(ctx)));
        get(routes, base + "/R/{object}", Routes::toPrint);
        get(routes, base + "/R/{object}/{format}", ctx -> packages.object(ctx, find.apply(ctx)));
        routes.post(base + "/R/{object}", ctx -> packages.call(ctx, find.apply(ctx)));
        routes.post(base + "/R/{object}/{format}", ctx -> packages.call(ctx, find.apply(ctx)));
        listing(routes, base + "/www", ctx -> packages.www(ctx, find.apply(ctx), ""));
        get(routes, base + "/www/<path>", ctx -> packages.www(ctx, find.apply(ctx), ctx.pathParam("path")));
    }

    private void sessions(RoutesConfig routes, String base) {
        listing(routes, base, sessions::entries);
        listing(routes, base + "/R", sessions::objects);
        get(routes, base + "/R/{object}", Routes::toPrint);
        get(routes, base + "/R/{object}/{format}", sessions::object);
        routes.post(base + "/R/{object}", sessions::call);
        routes.post(base + "/R/{object}/{format}", sessions::call);
        listing(routes, base + "/graphics", sessions::plots);
        get(routes, base + "/graphics/{n}", Routes::toPng);
        get(routes, base + "/graphics/{n}/{format}", sessions::plot);
        listing(routes, base + "/files", sessions::files);
        get(routes, base + "/files/<path>", sessions::file);
        get(routes, base + "/info", sessions::info);
        get(routes, base + "/{text}", sessions::toText);
        get(routes, base + "/{text}/text", sessions::text);
    }

    private static void toDirectory(Context ctx) {
        redirect(ctx, "/");
    }

    private static void toPrint(Context ctx) {
        redirect(ctx, "/print");
    }

    private static void toPng(Context ctx) {
        redirect(ctx, "/png");
    }

    /** To the same address with something added; doubled slashes go, since a browser takes //name for a host. */
    private static void redirect(Context ctx, String suffix) {
        String query = ctx.queryString() == null ? "" : "?" + ctx.queryString();
        ctx.redirect(ctx.path().replaceAll("/+", "/") + suffix + query);
    }
}
