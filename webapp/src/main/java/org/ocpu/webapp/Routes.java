package org.ocpu.webapp;

import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.sse.SseClient;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.ocpu.app.Lease;
import org.ocpu.app.PackageRef;
import org.ocpu.app.RpcService;
import org.ocpu.app.SessionUse;
import org.ocpu.builder.BuildService;
import org.ocpu.mailer.Outbox;
import org.ocpu.webapp.WebConfig.Api;

/** Every address of the server, and what answers there. Where two could match, the one named first does. */
final class Routes {
    /** Where the JSON API begins. */
    static final String API = "/api/v1";

    /** Where the server tells how it is. */
    static final String HEALTH = "/health";

    /** As Javalin takes it: slashes may be many, and one may be at the end. */
    private static final Pattern EVENTS =
            Pattern.compile("/+api/+v1/+(builds|(builds|runs)/+[^/]+|status|log)/+events/*");

    private final WebConfig config;
    private final String root;
    private final RpcService rpc;
    private final GalleryPages gallery;
    private final BuildPages pages;
    private final AppPages appPages;
    private final SyncPages syncPages;
    private final TestPage test;
    private final ClientLibrary client = new ClientLibrary();
    private final ApiHeaders headers;
    private final LibraryResource libraries;
    private final SyncedResource cran;
    private final SyncedResource bioc;
    private final PackageResource packages;
    private final OutlineResource outlines;
    private final SessionResource sessions;
    private final GistResource gists;
    private final WebhookResource webhook;
    private final BuildResource buildApi;
    private final AppResource appApi;
    private final SyncResource syncApi;
    private final DeliveryResource deliveries;
    private final OutboxResource mails;
    private final AppStatus status;
    private final RepoResource repo;
    private final Assets description = new Assets("", "openapi.json");
    private final Observed observed;
    private final AdminPage adminPage;
    private final AdminGuard admin;
    private final Health health;
    private final RunningRequests requests;
    private final RateLimit rates;
    private final ReaderGuard readers;
    private final StreamLimit streams = new StreamLimit();

    /** What the addresses lead to. */
    record Modules(
            RpcService rpc,
            BuildService builds,
            Outbox outbox,
            Health health,
            RunningRequests requests,
            AppOutlines outlines,
            Observed observed) {}

    /** Who may do what there. */
    record Access(HostedPages pages, AdminGuard admin, ReaderGuard readers) {}

    Routes(Modules modules, WebConfig config, Access access, Answers answers, Frame frame) {
        BuildService builds = modules.builds();
        CallReader calls = new CallReader(config.maxBody());
        ReaderGuard readers = access.readers();
        this.config = config;
        this.readers = readers;
        this.root = config.root();
        this.rpc = modules.rpc();
        this.gallery = new GalleryPages(builds, frame, readers);
        this.pages = new BuildPages(builds, frame, readers);
        this.syncPages = new SyncPages(builds.syncs(), frame);
        this.test = new TestPage(frame, rpc.takesCode());
        this.headers = new ApiHeaders(rpc, config.cors());
        this.libraries = new LibraryResource(rpc, builds, config, readers);
        this.cran = new SyncedResource(rpc, builds.syncs(), "cran");
        this.bioc = new SyncedResource(rpc, builds.syncs(), "bioc");
        this.packages = new PackageResource(rpc, answers, calls, config, access.pages());
        this.outlines = new OutlineResource(answers);
        this.appPages = new AppPages(modules, frame, readers, config.enabled().get(Api.REPO));
        this.sessions = new SessionResource(rpc, answers, calls, config);
        this.gists = new GistResource(builds.gists(), rpc, answers, calls, config);
        this.webhook = new WebhookResource(builds, config);
        this.buildApi = new BuildResource(builds, API, readers);
        this.appApi = new AppResource(builds, config, readers);
        this.syncApi = new SyncResource(builds.syncs(), API);
        this.deliveries = new DeliveryResource(builds);
        this.mails = new OutboxResource(modules.outbox());
        this.status = new AppStatus(builds, config, readers);
        this.repo = new RepoResource(rpc, builds, config, readers);
        this.observed = modules.observed();
        this.adminPage = new AdminPage(frame, config.site());
        this.admin = access.admin();
        this.health = modules.health();
        this.requests = modules.requests();
        this.rates = new RateLimit(config.clients().rate(), config.clients().burst());
    }

    void register(JavalinConfig javalin) {
        javalin.router.ignoreTrailingSlashes = true;
        javalin.router.treatMultipleSlashesAsSingleSlash = true;
        RoutesConfig routes = javalin.routes;
        routes.before(BrowserPolicy::everywhere);
        belowRoot(routes, headers::set);
        routes.before(this::admit); // before anything that costs more, and after what refusals need
        belowRoot(routes, headers::options);
        pages(routes);
        api(routes);
        get(routes, HEALTH + "/live", health::live);
        get(routes, HEALTH + "/ready", health::ready);
        get(routes, root, ctx -> Answers.redirect(ctx, "/test"));
        listing(routes, root + "/test", test::index);
        get(routes, root + "/info", libraries::info);
        ClientLibrary.NAMES.forEach(name -> get(routes, root + "/" + name, ctx -> client.serve(ctx, name)));
        get(routes, root + "/webhook", webhook::explain);
        routes.post(root + "/webhook", webhook::receive);
        listing(routes, root + "/doc", libraries::documentation);
        get(routes, root + "/doc/<path>", libraries::documentation);
        ifEnabled(Api.LIBRARY, routes, "/library", this::library);
        ifEnabled(Api.LIBRARY, routes, "/lib", this::library);
        ifEnabled(Api.USER, routes, "/user", this::users);
        ifEnabled(Api.CRAN, routes, "/cran", (all, base) -> synced(all, base, cran));
        ifEnabled(Api.BIOC, routes, "/bioc", (all, base) -> synced(all, base, bioc));
        ifEnabled(Api.APPS, routes, "/apps", this::apps);
        ifEnabled(Api.APPS, routes, "/github", this::github);
        ifEnabled(Api.GIST, routes, "/gist", this::gists);
        ifEnabled(Api.REPO, routes, "/repo", this::repository);
        ifEnabled(Api.TMP, routes, "/tmp", this::sessions);
    }

    private void belowRoot(RoutesConfig routes, Handler before) {
        routes.before(root, before);
        routes.before(root + "/*", before);
    }

    /** Whether a stream of events is asked for, which lasts as long as its client wants. */
    static boolean isEvents(Request request) {
        String path = request.getHttpURI().getPath();
        return path != null && isEvents(request.getMethod(), path);
    }

    static boolean isEvents(String method, String path) {
        return method.equals("GET") && EVENTS.matcher(path).matches();
    }

    /** Whether the server's health is asked for, in whatever way. */
    static boolean isHealth(Request request) {
        String path = request.getHttpURI().getPath();
        return path != null && path.startsWith(HEALTH + "/");
    }

    /** Whoever asks for the server's health is never too many. */
    private void admit(Context ctx) {
        if (!isTakenToTheEnd(ctx.path())) {
            requests.refuseWhenDraining(ctx);
        }
        if (!Crowd.isFree(ctx.method().name(), ctx.path())) {
            rates.check(Crowd.client(ctx));
        }
    }

    /** Deliveries, since nobody sends them again, and probes whether the server lives. */
    private boolean isTakenToTheEnd(String path) {
        return path.equals(root + "/webhook") || path.equals(HEALTH + "/live");
    }

    private void pages(RoutesConfig routes) {
        get(routes, "/", gallery::index);
        get(routes, "/apps/{owner}/{repo}", appPages::show);
        get(routes, "/apps/{owner}/{repo}/{part}", appPages::show);
        get(routes, "/builds", pages::list);
        get(routes, "/builds/{id}", pages::show);
        get(routes, "/builds/{id}/log", pages::log);
        get(routes, "/syncs", syncPages::list);
        get(routes, "/syncs/{name}", syncPages::show);
        get(routes, "/syncs/{name}/runs/{id}", syncPages::run);
        get(routes, "/admin", adminPage::show);
        get(routes, "/assets/{name}", ctx -> {
            BrowserPolicy.data(ctx);
            Assets.PAGES.serve(ctx, ctx.pathParam("name"));
        });
        get(routes, "/assets/test/{name}", ctx -> {
            BrowserPolicy.data(ctx);
            Assets.PAGES.serve(ctx, "test/" + ctx.pathParam("name"));
        });
    }

    /** The JSON API, which {@code openapi.json} describes. */
    private void api(RoutesConfig routes) {
        routes.before(API + "/*", ctx -> ctx.header("Cache-Control", "no-cache"));
        routes.before(API + "/*", BrowserPolicy::data);
        get(routes, API + "/openapi.json", ctx -> description.serve(ctx, "openapi.json"));
        get(routes, API + "/builds", buildApi::list);
        routes.before(API + "/builds/events", readers::know);
        events(routes, API + "/builds", buildApi::allEvents);
        String build = API + "/builds/{id}";
        get(routes, build, buildApi::show);
        get(routes, build + "/log", buildApi::log);
        routes.before(build + "/events", buildApi::beforeEvents);
        events(routes, build, buildApi::events);
        routes.post(build + "/rebuild", admin.before(buildApi::rebuild));
        routes.post(build + "/cancel", admin.before(buildApi::cancel));
        get(routes, API + "/apps", appApi::list);
        for (String app : new String[] {API + "/apps/{owner}/{repo}", API + "/apps/{owner}/{repo}/{part}"}) {
            get(routes, app + "/builds", buildApi::ofApp);
            routes.post(app + "/rebuild", admin.before(buildApi::rebuildApp));
            routes.post(app + "/rollback", admin.before(appApi::rollback));
            get(routes, app, appApi::show);
            routes.delete(app, admin.before(appApi::remove));
        }
        syncs(routes);
        observed(routes);
        outlines(routes);
        get(routes, API + "/deliveries", admin.before(deliveries::list));
        get(routes, API + "/outbox", admin.before(mails::list));
        get(routes, API + "/outbox/waiting", admin.before(mails::waiting));
        routes.post(API + "/outbox/{id}/resend", admin.before(mails::resend));
    }

    /** What the server knows of itself. */
    private void observed(RoutesConfig routes) {
        StatusResource status = new StatusResource(observed.metrics(), admin);
        get(routes, API + "/status", admin.before(status::now));
        get(routes, API + "/metrics", admin.before(status::hour));
        routes.before(API + "/status/events", admin::check);
        events(routes, API + "/status", status::events);
        EngineResource engines = new EngineResource(rpc);
        get(routes, API + "/engines", admin.before(engines::list));
        routes.post(API + "/engines/{id}/end", admin.before(engines::end));
        StorageResource storage = new StorageResource(observed.storage());
        get(routes, API + "/storage", admin.before(storage::show));
        get(routes, API + "/sessions", admin.before(storage::sessions));
        get(routes, API + "/settings", admin.before(new SettingResource(observed.settings())::list));
        ErrorResource errors = new ErrorResource(observed.errors());
        get(routes, API + "/errors", admin.before(errors::list));
        get(routes, API + "/errors/{id}", admin.before(errors::show));
        LogResource log = new LogResource(observed.log(), admin);
        get(routes, API + "/log", admin.before(log::tail));
        routes.before(API + "/log/events", admin.before(log::beforeEvents));
        events(routes, API + "/log", log::events);
    }

    /** What packages have; an app's parts and its functions differ in how long their addresses are. */
    private void outlines(RoutesConfig routes) {
        outline(routes, Api.LIBRARY, "/library/{package}", libraries::globalPackage);
        outline(routes, Api.USER, "/user/{user}/library/{package}", libraries::userPackage);
        outline(routes, Api.CRAN, "/cran/{package}", cran::find);
        outline(routes, Api.BIOC, "/bioc/{package}", bioc::find);
        outline(routes, Api.APPS, "/apps/{owner}/{repo}", libraries::app);
        outline(routes, Api.APPS, "/apps/{owner}/{repo}/{part}", libraries::partOfApp);
    }

    private void outline(RoutesConfig routes, Api part, String path, Function<Context, PackageRef> find) {
        Addressed of = of(ctx -> {
            if (!config.enabled().get(part)) {
                throw disabled(part);
            }
            if (part != Api.APPS) {
                readers.check(ctx, part);
            }
            return find.apply(ctx);
        });
        String base = API + "/packages" + path;
        get(routes, base, of.to(outlines::brief));
        get(routes, base + "/functions/{name}", of.to(outlines::function));
        get(routes, base + "/data/{name}", of.to(outlines::dataSet));
    }

    private void syncs(RoutesConfig routes) {
        get(routes, API + "/syncs", syncApi::list);
        String sync = API + "/syncs/{name}";
        get(routes, sync, syncApi::show);
        get(routes, sync + "/plan", admin.before(syncApi::plan));
        routes.post(sync + "/run", admin.before(syncApi::run));
        get(routes, sync + "/runs", syncApi::runs);
        String run = API + "/runs/{id}";
        get(routes, run, syncApi::showRun);
        routes.before(run + "/events", syncApi::beforeEvents);
        events(routes, run, syncApi::events);
        routes.post(run + "/cancel", admin.before(syncApi::cancel));
    }

    /** Whoever does not ask for events is told so: the answer would be an empty one. */
    private void events(RoutesConfig routes, String of, Consumer<SseClient> handler) {
        routes.before(of + "/events", ctx -> {
            if (!ctx.method().equals(HandlerType.GET)) {
                return;
            }
            if (!Objects.requireNonNullElse(ctx.header("Accept"), "").contains("text/event-stream")) {
                throw new HttpResponseException(
                        406, "These are server-sent events: ask with Accept: text/event-stream.");
            }
            streams.add(ctx);
        });
        routes.sse(of + "/events", handler);
    }

    private void library(RoutesConfig routes, String base) {
        listing(routes, base, libraries::packages);
        packages(routes, base + "/{package}", libraries::globalPackage);
    }

    private void users(RoutesConfig routes, String base) {
        listing(routes, base, libraries::users);
        listing(routes, base + "/{user}", libraries::user);
        listing(routes, base + "/{user}/library", libraries::userPackages);
        packages(routes, base + "/{user}/library/{package}", libraries::userPackage);
    }

    private void synced(RoutesConfig routes, String base, SyncedResource library) {
        listing(routes, base, library::packages);
        packages(routes, base + "/{package}", library::find);
    }

    private void apps(RoutesConfig routes, String base) {
        listing(routes, base, libraries::apps);
        get(routes, base + "/{owner}/builds.atom", status::feed);
        get(routes, base + "/{owner}/{repo}/badge.svg", status::badge);
        get(routes, base + "/{owner}/{repo}/{part}/badge.svg", status::badge);
        listing(routes, base + "/{owner}", libraries::appsOfOwner);
        String app = base + "/{owner}/{repo}";
        reads(routes, app, of(libraries::app));
        Addressed part = handler -> ofPart(handler, packages::file);
        reads(routes, app + "/{part}", part);
        get(routes, app + "/{part}/<path>", part.to(this::file));
        callsOfApps(routes, app);
    }

    private void callsOfApps(RoutesConfig routes, String app) {
        calls(routes, app, of(libraries::app));
        Addressed part = handler -> ofPart(handler, packages::run);
        calls(routes, app + "/{part}", part);
        routes.post(app + "/{part}", part.to(Routes::notAllowed));
        routes.post(app + "/{part}/<path>", part.to(this::run));
    }

    /** What apps were called once: GET is sent to the new name, calls are served, since a redirect would lose their body. */
    private void github(RoutesConfig routes, String base) {
        callsOfApps(routes, base + "/{owner}/{repo}");
        get(routes, base, this::toApps);
        get(routes, base + "/<path>", this::toApps);
    }

    private void toApps(Context ctx) {
        String path = ctx.req().getRequestURI().replaceAll("/+", "/").replaceFirst("/github", "/apps");
        Answers.redirectTo(ctx, path + (ctx.queryString() == null ? "" : "?" + ctx.queryString()));
    }

    /** All apps' packages, and each owner's. */
    private void repository(RoutesConfig routes, String base) {
        listing(routes, base, repo::explain);
        for (String index : new String[] {base + "/src/contrib", base + "/{owner}/src/contrib"}) {
            get(routes, index + "/PACKAGES", repo::index);
            get(routes, index + "/PACKAGES.gz", repo::compressedIndex);
            get(routes, index + "/<path>", repo::file);
        }
    }

    /** The same resources for every library: what differs is how an address names a package. */
    private void packages(RoutesConfig routes, String base, Function<Context, PackageRef> find) {
        calls(routes, base, of(find));
        routes.post(base + "/<path>", of(find).to(this::run));
        reads(routes, base, of(find));
        get(routes, base + "/<path>", of(find).to(this::file));
    }

    private void reads(RoutesConfig routes, String base, Addressed of) {
        get(routes, base + "::{object}", of.to(Routes::toPrint));
        get(routes, base + "::{object}/{format}", of.to(packages::object));
        get(routes, base, of.to(packages::home));
        get(routes, base + "/info", of.to(packages::info));
        get(routes, base + "/R", of.to(list(packages::objects)));
        get(routes, base + "/R/{object}", of.to(Routes::toPrint));
        get(routes, base + "/R/{object}/{format}", of.to(packages::object));
        get(routes, base + "/data", of.to(list(packages::dataSets)));
        get(routes, base + "/data/{object}", of.to(Routes::toPrint));
        get(routes, base + "/data/{object}/{format}", of.to(packages::dataSet));
        get(routes, base + "/man", of.to(list(packages::manuals)));
        get(routes, base + "/man/{topic}", of.to(packages::manual));
        get(routes, base + "/man/{topic}/{format}", of.to(packages::manual));
        get(routes, base + "/html", of.to(list(packages::helpIndex)));
        get(routes, base + "/html/{page}", of.to(packages::helpPage));
    }

    private void calls(RoutesConfig routes, String base, Addressed of) {
        routes.post(base + "::{object}", of.to(packages::call));
        routes.post(base + "::{object}/{format}", of.to(packages::call));
        routes.post(base + "/R/{object}", of.to(packages::call));
        routes.post(base + "/R/{object}/{format}", of.to(packages::call));
        for (String read : new String[] {"/info", "/R", "/data/<path>", "/data", "/man/<path>", "/man", "/html"}) {
            routes.post(base + read, of.to(Routes::notAllowed));
        }
    }

    /** Turns what can be done with a package into a handler of addresses that name one. */
    @FunctionalInterface
    private interface Addressed {
        Handler to(BiConsumer<Context, PackageRef> handler);
    }

    /** What can be done with a file of a package. */
    @FunctionalInterface
    private interface OfFile {
        void handle(Context ctx, PackageRef ref, String path);
    }

    private Addressed of(Function<Context, PackageRef> find) {
        return handler -> ctx -> {
            try (Lease lease = rpc.lease(() -> Optional.of(find.apply(ctx))).orElseThrow()) {
                handler.accept(ctx, lease.ref());
            }
        };
    }

    /** Of one of several packages of a repository; where there is none of that name, it is that of a file of the app. */
    private Handler ofPart(BiConsumer<Context, PackageRef> handler, OfFile otherwise) {
        Handler ofApp = of(libraries::app).to((ctx, ref) -> otherwise.handle(ctx, ref, belowApp(ctx)));
        return ctx -> {
            Optional<Lease> part = rpc.lease(() -> libraries.part(ctx));
            if (part.isEmpty()) {
                ofApp.handle(ctx);
                return;
            }
            try (Lease lease = part.get()) {
                handler.accept(ctx, lease.ref());
            }
        };
    }

    /** What comes after {@code apps/owner/repo/} in an address, decoded. */
    private String belowApp(Context ctx) {
        String path = ctx.path().replaceAll("/+", "/").substring(root.length());
        return URLDecoder.decode(path.split("/", 5)[4].replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private void file(Context ctx, PackageRef ref) {
        packages.file(ctx, ref, ctx.pathParam("path"));
    }

    private void run(Context ctx, PackageRef ref) {
        packages.run(ctx, ref, ctx.pathParam("path"));
    }

    private void gists(RoutesConfig routes, String base) {
        Handler explain = ctx -> {
            throw new ForbiddenResponse("Gists are not listed. The files of one are at " + base + "/USER/ID/.");
        };
        get(routes, base, explain);
        get(routes, base + "/{user}", explain);
        String gist = base + "/{user}/{gist}";
        get(routes, gist, gists::file);
        get(routes, gist + "/<path>", gists::file);
        routes.post(gist + "/<path>", gists::run);
    }

    private void sessions(RoutesConfig routes, String base) {
        get(routes, base, ctx -> {
            throw new ForbiddenResponse("Sessions are not listed: a session's key is all that guards it.");
        });
        String session = base + "/{key}";
        get(routes, session + "::{object}", Routes::toPrint);
        get(routes, session + "::{object}/{format}", ofSession(sessions::object));
        routes.post(session + "::{object}", ofSession(sessions::call));
        routes.post(session + "::{object}/{format}", ofSession(sessions::call));
        listing(routes, session, kept(sessions::entries));
        listing(routes, session + "/R", kept(sessions::objects));
        get(routes, session + "/R/{object}", kept(sessions::objectFormats)::accept);
        get(routes, session + "/R/{object}/{format}", ofSession(sessions::object));
        routes.post(session + "/R/{object}", ofSession(sessions::call));
        routes.post(session + "/R/{object}/{format}", ofSession(sessions::call));
        listing(routes, session + "/graphics", kept(sessions::plots));
        get(routes, session + "/graphics/{n}", kept(sessions::plotFormats)::accept);
        get(routes, session + "/graphics/{n}/{format}", ofSession(sessions::plot));
        listing(routes, session + "/files", kept(sessions::file));
        get(routes, session + "/files/<path>", kept(sessions::file)::accept);
        routes.post(session + "/files/<path>", ofSession(sessions::run));
        get(routes, session + "/info", Routes::toPrint);
        get(routes, session + "/info/{format}", ofSession(sessions::info));
        get(routes, session + "/zip", ofSession(sessions::zip));
        get(routes, session + "/tar", ofSession(sessions::tar));
        get(routes, session + "/{text}", kept(sessions::text)::accept);
        get(routes, session + "/{text}/{format}", ofSession(sessions::text));
    }

    /** With the session kept meanwhile. */
    private Consumer<Context> kept(Consumer<Context> handler) {
        return ctx -> {
            SessionUse session = rpc.use(ctx.pathParam("key"));
            try {
                handler.accept(ctx);
            } finally {
                session.close();
            }
        };
    }

    /** With the session kept meanwhile, and the package that made it, if it is still there. */
    private Handler ofSession(Consumer<Context> handler) {
        return kept(ctx -> {
            Optional<Lease> maker = rpc.lease(rpc.session(ctx.pathParam("key")));
            try {
                handler.accept(ctx);
            } finally {
                maker.ifPresent(Lease::close);
            }
        })::accept;
    }

    /** What the configuration switches off says so. */
    private void ifEnabled(Api api, RoutesConfig routes, String name, BiConsumer<RoutesConfig, String> part) {
        String base = root + name;
        if (config.enabled().get(api)) {
            if (api != Api.APPS) { // each of which may have a rule of its own
                routes.before(base, ctx -> readers.check(ctx, api));
                routes.before(base + "/*", ctx -> readers.check(ctx, api));
            }
            part.accept(routes, base);
            return;
        }
        Handler disabled = ctx -> {
            throw disabled(api);
        };
        for (String path : new String[] {base, base + "/<path>"}) {
            get(routes, path, disabled);
            routes.post(path, disabled);
        }
    }

    private static ForbiddenResponse disabled(Api api) {
        return new ForbiddenResponse(
                "This part of the API is switched off on this server; its admin can set " + api.key + ": true.");
    }

    /** HEAD runs the same handler, so that it tells the same headers; the body is left out (RFC 9110, section 9.3.2). */
    private static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void listing(RoutesConfig routes, String path, Consumer<Context> list) {
        get(routes, path, ctx -> listed(ctx, () -> list.accept(ctx)));
    }

    private static BiConsumer<Context, PackageRef> list(BiConsumer<Context, PackageRef> list) {
        return (ctx, ref) -> listed(ctx, () -> list.accept(ctx, ref));
    }

    /** A list is at an address that ends in a slash, so that its entries are relative links. */
    private static void listed(Context ctx, Runnable list) {
        if (ctx.req().getRequestURI().endsWith("/")) {
            list.run();
        } else {
            Answers.redirect(ctx, "/");
        }
    }

    private static void notAllowed(Context ctx, PackageRef ref) {
        throw new MethodNotAllowedResponse("", Map.of());
    }

    /** Of a package that is there. */
    private static void toPrint(Context ctx, PackageRef ref) {
        toPrint(ctx);
    }

    private static void toPrint(Context ctx) {
        Answers.redirect(ctx, "/print");
    }
}
