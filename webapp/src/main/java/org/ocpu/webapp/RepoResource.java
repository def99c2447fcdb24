package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ocpu.app.HostedApp;
import org.ocpu.app.HostedApps;
import org.ocpu.app.Lease;
import org.ocpu.app.NotFoundException;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;
import org.ocpu.builder.BuildService;

/**
 * {@code repo/}: the source packages of the hosted apps as a CRAN-like repository, all of them or those of one owner. R asks for the
 * index, and for files at {@code Path} below it.
 */
final class RepoResource {
    private static final String FRESH = "no-cache";

    private final RpcService rpc;
    private final BuildService builds;
    private final WebConfig config;
    private final ReaderGuard readers;

    RepoResource(RpcService rpc, BuildService builds, WebConfig config, ReaderGuard readers) {
        this.readers = readers;
        this.rpc = rpc;
        this.builds = builds;
        this.config = config;
    }

    /** How to use it, for whoever opens it in a browser. */
    void explain(Context ctx) {
        String address = config.site() + config.root() + "/repo";
        Answers.text(ctx, """
                The source packages of the apps on this server, as a CRAN-like repository. In R:

                    install.packages("app", repos = c("%s", getOption("repos")))

                Only those of an owner, so that nobody else's package of the same name is taken:

                    install.packages("app", repos = c("%s/OWNER", getOption("repos")))
                """.formatted(address, address));
    }

    void index(Context ctx) {
        Answers.tagged(ctx, "text/plain; charset=utf-8", of(ctx).text());
    }

    /** The file is a compressed one: it is not to be compressed for its way once more. */
    void compressedIndex(Context ctx) {
        ctx.disableCompression();
        Answers.tagged(ctx, "application/gzip", of(ctx).compressed());
    }

    private PackageIndex of(Context ctx) {
        HostedApps apps = rpc.libraries().apps();
        Optional<String> owner = owner(ctx);
        List<HostedApp> hosted = owner.map(apps::list).orElseGet(apps::list).stream()
                .filter(app -> readers.shows(ctx, app.owner(), app.repo()))
                .toList();
        if (owner.isPresent() && hosted.isEmpty()) {
            throw new NotFoundException("No app of " + owner.get() + " is installed on this server.");
        }
        boolean closedToo = builds.offersPrivateSources();
        List<HostedApp> offered =
                hosted.stream().filter(app -> app.offersSource(closedToo)).toList();
        return new PackageIndex(offered, owner.isPresent() ? HostedApp::path : app -> app.owner() + "/" + app.path());
    }

    /** A tarball; of a version that is replaced meanwhile, too. */
    void file(Context ctx) {
        String path = owner(ctx).map(owner -> owner + "/").orElse("") + ctx.pathParam("path");
        int app = path.indexOf('/');
        int file = path.lastIndexOf('/');
        if (app == file) {
            throw new NotFoundResponse();
        }
        String name = path.substring(file + 1);
        readers.check(ctx, path.substring(0, app), path.substring(app + 1, file));
        Supplier<Optional<PackageRef>> find = () -> rpc.libraries()
                .apps()
                .findSource(path.substring(0, app), path.substring(app + 1, file), name, builds.offersPrivateSources());
        try (Lease lease = rpc.lease(find).orElseThrow(NotFoundResponse::new)) {
            StaticFiles.file(ctx, lease.ref().library(), name, FRESH);
        }
    }

    private static Optional<String> owner(Context ctx) {
        return Optional.ofNullable(ctx.pathParamMap().get("owner"));
    }
}
