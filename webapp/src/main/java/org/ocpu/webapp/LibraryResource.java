package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.List;
import org.ocpu.app.HostedApp;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;

/** Lists of packages, and how an address names one. */
final class LibraryResource {
    private final RpcService rpc;

    LibraryResource(RpcService rpc) {
        this.rpc = rpc;
    }

    void packages(Context ctx) {
        Answers.lines(ctx, rpc.libraries().globalPackages());
    }

    /** {@code owner/repo}, a line each. */
    void apps(Context ctx) {
        List<HostedApp> apps = rpc.libraries().apps().list();
        Answers.lines(
                ctx, apps.stream().map(app -> app.owner() + "/" + app.repo()).toList());
    }

    void appsOfOwner(Context ctx) {
        String owner = ctx.pathParam("owner");
        List<HostedApp> apps = rpc.libraries().apps().list(owner);
        if (apps.isEmpty()) {
            throw new NotFoundException("No app of " + owner + " is installed on this server.");
        }
        Answers.lines(ctx, apps.stream().map(HostedApp::repo).toList());
    }

    PackageRef globalPackage(Context ctx) {
        return rpc.libraries().globalPackage(ctx.pathParam("package"));
    }

    PackageRef app(Context ctx) {
        return rpc.libraries().app(ctx.pathParam("owner"), ctx.pathParam("repo"));
    }

    /** {@code GET /ocpu/info}: what answers here. */
    void info(Context ctx) {
        Answers.lines(
                ctx,
                List.of(
                        "ocpu " + ApiHeaders.VERSION,
                        rpc.r().title(),
                        "Java " + Runtime.version(),
                        rpc.libraries().globalPackages().size() + " packages at /ocpu/library/",
                        rpc.libraries().apps().list().size() + " apps at /ocpu/apps/"));
    }
}
