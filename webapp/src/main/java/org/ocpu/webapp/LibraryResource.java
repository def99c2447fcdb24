package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import org.ocpu.app.HostedApp;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;
import org.ocpu.app.UserLibraries;
import org.ocpu.builder.BuildService;

/** Lists of packages, and how an address names one. */
final class LibraryResource {
    private final RpcService rpc;
    private final BuildService builds;
    private final WebConfig config;
    private final ReaderGuard readers;

    LibraryResource(RpcService rpc, BuildService builds, WebConfig config, ReaderGuard readers) {
        this.readers = readers;
        this.rpc = rpc;
        this.builds = builds;
        this.config = config;
    }

    void packages(Context ctx) {
        Answers.lines(ctx, rpc.libraries().globalPackages());
    }

    /** {@code owner/repo} or {@code owner/repo/part}, a line each. */
    void apps(Context ctx) {
        List<HostedApp> apps = shown(ctx, rpc.libraries().apps().list());
        Answers.lines(
                ctx, apps.stream().map(app -> app.owner() + "/" + app.path()).toList());
    }

    void appsOfOwner(Context ctx) {
        String owner = ctx.pathParam("owner");
        List<HostedApp> apps = shown(ctx, rpc.libraries().apps().list(owner));
        if (apps.isEmpty()) {
            throw new NotFoundException("No app of " + owner + " is installed on this server.");
        }
        Answers.lines(ctx, apps.stream().map(HostedApp::path).toList());
    }

    private List<HostedApp> shown(Context ctx, List<HostedApp> apps) {
        return apps.stream()
                .filter(app -> readers.shows(ctx, app.owner(), app.repo()))
                .toList();
    }

    /** Linux users that have a library of their own. */
    void users(Context ctx) {
        Answers.lines(ctx, rpc.libraries().users().users());
    }

    void user(Context ctx) {
        String user = ctx.pathParam("user");
        if (!rpc.libraries().users().hasLibrary(user)) {
            throw UserLibraries.notFound(user);
        }
        Answers.lines(ctx, List.of("library"));
    }

    void userPackages(Context ctx) {
        Answers.lines(ctx, rpc.libraries().users().packages(ctx.pathParam("user")));
    }

    PackageRef globalPackage(Context ctx) {
        return rpc.libraries().globalPackage(ctx.pathParam("package"));
    }

    PackageRef app(Context ctx) {
        readers.check(ctx, ctx.pathParam("owner"), ctx.pathParam("repo"));
        return rpc.libraries().app(ctx.pathParam("owner"), ctx.pathParam("repo"));
    }

    /** The package below an app's address, if its repository has one of that name. */
    Optional<PackageRef> part(Context ctx) {
        readers.check(ctx, ctx.pathParam("owner"), ctx.pathParam("repo"));
        String path = ctx.pathParam("repo") + "/" + ctx.pathParam("part");
        return rpc.libraries().apps().find(ctx.pathParam("owner"), path);
    }

    /** The same where there is nothing else that the address could name. */
    PackageRef partOfApp(Context ctx) {
        return part(ctx)
                .orElseThrow(() -> new NotFoundException("There is no app " + ctx.pathParam("owner") + "/"
                        + ctx.pathParam("repo") + "/" + ctx.pathParam("part") + "."));
    }

    PackageRef userPackage(Context ctx) {
        return rpc.libraries().users().find(ctx.pathParam("user"), ctx.pathParam("package"));
    }

    /** R's own documentation tree. */
    void documentation(Context ctx) {
        String path = ctx.pathParamMap().getOrDefault("path", "");
        StaticFiles.serveInstalled(ctx, rpc.r().documentation(), path, config.cacheControl(WebConfig.MaxAge.LIB));
    }

    /** {@code info}: what answers here. */
    void info(Context ctx) {
        Answers.lines(
                ctx,
                List.of(
                        "ocpu " + ApiHeaders.VERSION,
                        rpc.r().title(),
                        "Java " + Runtime.version(),
                        rpc.libraries().globalPackages().size() + " packages at " + config.root() + "/library/",
                        shown(ctx, rpc.libraries().apps().list()).size() + " apps at " + config.root() + "/apps/",
                        "workers: " + rpc.walls().description(),
                        "builds: " + builds.confinement()));
    }
}
