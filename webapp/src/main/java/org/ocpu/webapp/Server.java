package org.ocpu.webapp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileLock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.ocpu.app.AppConfig;
import org.ocpu.app.RpcService;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuilderConfig;
import org.ocpu.mailer.MailerConfig;
import org.ocpu.mailer.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole server, put together by hand: parts open in the order they depend on each other and close in reverse. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** Of a multipart body; its size in bytes is bounded too. */
    private static final int MAX_PARTS = 100_000;

    /** Bytes of a body that are taken in before its request is handled. */
    private static final long EAGER = 16 * 1024;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final AdminToken token;
    private final ListeningSocket socket;
    private final WebConfig config;
    private final AccessConfig access;
    private final HttpLimits limits;
    private final TrustedProxies proxies;
    private final RunningRequests requests;
    private final RequestMeter meter;
    private final Outbox outbox;
    private final RpcService rpc;
    private final BuildService builds;
    private final Crowd crowd;
    private final AppOutlines outlines;
    private final Health health;
    private final Observed observed;
    private final Javalin http;

    private Server(DataDirectory data, Map<String, String> overrides) {
        Configuration configuration = Configuration.of(data, overrides);
        Map<String, String> settings = configuration.settings();
        this.token = new AdminToken(data);
        try {
            FileLock lock = data.lock();
            part(lock.acquiredBy());
            data.protect();
            WebConfig asked = WebConfig.from(settings);
            this.socket = part(ListeningSocket.open(asked.host(), asked.port()));
            settings.put("port", Integer.toString(socket.port()));
            this.config = WebConfig.from(settings);
            this.access = AccessConfig.from(settings);
            this.limits = HttpLimits.from(settings);
            this.proxies = new TrustedProxies(config.clients().proxies());
            AppConfig app = AppConfig.from(settings);
            access.warnings(config, app.limits().network()).forEach(LOG::warn);
            this.crowd = new Crowd(app.maxWorkers() + app.queue());
            this.requests = new RunningRequests(new PaceHandler(limits, eager(crowd, config.maxBody())));
            this.meter = new RequestMeter(requests);
            settings.putIfAbsent("public.url", config.site().toString());
            this.outbox = part(Outbox.open(data.path().resolve("outbox"), MailerConfig.from(settings)));
            this.rpc = part(RpcService.open(app, data.path()));
            this.builds = part(BuildService.open(BuilderConfig.from(settings), data.path(), rpc, outbox));
            this.outlines = part(new AppOutlines(rpc));
            this.health = part(new Health(this::problems));
            this.observed = observed(data, app, configuration.views(settings));
            this.http = Javalin.create(this::configure);
            http.start();
            part(http::stop);
            data.address(address().toString());
            LOG.info("Listening on {}", address());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a server; returns when it answers.
     *
     * @param overrides settings that win over those of {@code ocpu.conf}
     * @throws IllegalArgumentException for a setting that is unknown or out of range
     */
    static Server start(DataDirectory data, Map<String, String> overrides) {
        return new Server(data, overrides);
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private Observed observed(DataDirectory data, AppConfig app, List<SettingView> settings) {
        LogFeed log = part(new LogFeed());
        StatusLook look = new StatusLook(
                rpc, builds, requests, health, data.path(), app.reserve().bytes());
        Metrics metrics = part(new Metrics(meter, rpc, look));
        Storage storage = new Storage(data.path(), rpc, builds, app.sessions());
        return new Observed(metrics, new KeptErrors(), log, settings, storage);
    }

    private void configure(JavalinConfig javalin) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.jetty.addConnector((server, http) -> socket.connector(server, http, limits, access.tls(), proxies));
        javalin.jetty.modifyServer(server -> {
            server.setErrorHandler(new PlainErrors());
            server.setHandler(meter);
        });
        javalin.jetty.modifyServletContextHandler(context -> {
            context.setErrorHandler(new PlainErrors());
            context.setMaxFormKeys(MAX_PARTS);
        });
        javalin.jetty.modifyHttpConfiguration(this::http);
        javalin.http.prefer405over404 = true;
        javalin.http.maxRequestSize = config.maxBody();
        javalin.concurrency.useVirtualThreads = Runtime.version().feature() >= 21;
        if (!javalin.concurrency.useVirtualThreads) {
            javalin.jetty.threadPool = crowd.threads();
        }
        Answers answers = new Answers(rpc, config);
        Guesses guesses = new Guesses(Ticker.systemTicker());
        AdminGuard admin = new AdminGuard(token, guesses, access.admin());
        ReaderGuard readers = new ReaderGuard(access.rules(), admin, guesses);
        Routes.Modules modules =
                new Routes.Modules(rpc, builds, outbox, health, requests, outlines, observed);
        Frame frame = new Frame(config.root(), !builds.syncs().syncs().isEmpty(), access.admin());
        new Routes(modules, config, new Routes.Access(access.pages(), admin, readers), answers, frame)
                .register(javalin);
        new ErrorMapper(answers, frame, observed.errors()).register(javalin);
    }

    private void http(HttpConfiguration http) {
        UriCompliance lenient = http.getUriCompliance();
        http.setUriCompliance(lenient.without("strict-encoding", UriCompliance.Violation.UTF16_ENCODINGS));
        access.tls().ifPresent(tls -> http.addCustomizer(new SecureRequestCustomizer(false, access.hsts(), false)));
        http.addCustomizer(proxies);
        http.addCustomizer(access.pages().hosts());
    }

    /** What keeps the server from working, a sentence each. */
    private List<String> problems() {
        return Stream.concat(rpc.problem().stream(), builds.problems().stream()).toList();
    }

    /**
     * Small bodies are there before a thread has to do with their requests, however slowly they come. But a client that asks whether it
     * may send too large a one is told at once that it may not, and never sends it.
     */
    private static Handler.Singleton eager(Crowd crowd, long maxBody) {
        EagerContentHandler eager = new EagerContentHandler(new RetainedContentLoaderFactory(EAGER, 0, false));
        eager.exclude(request -> request.getHeaders().contains(HttpHeader.EXPECT) && request.getLength() > maxBody);
        eager.setHandler(crowd);
        return eager;
    }

    RpcService rpc() {
        return rpc;
    }

    BuildService builds() {
        return builds;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Where this machine reaches the server, such as {@code http://localhost:8004}; with TLS its public address. */
    URI address() {
        if (access.tls().isPresent()) {
            return config.site(); // the name that the certificate is for
        }
        boolean local = Set.of("127.0.0.1", "0.0.0.0", "::", "localhost").contains(config.host());
        return URI.create("http://" + (local ? "localhost" : config.host()) + ":" + config.port());
    }

    /** Where the API begins, such as {@code http://localhost:8004/ocpu}. */
    URI api() {
        return address().resolve(config.root());
    }

    /**
     * Begins nothing more and lets what runs go on, for {@code shutdown.grace} at most; {@link #close} is to follow.
     *
     * @param tell is told what is being waited for, if anything is
     */
    void drain(Consumer<String> tell) throws InterruptedException {
        long begin = System.nanoTime();
        int running = requests.drain();
        rpc.drain();
        Set<Long> building = builds.drain();
        if (running > 0 || !building.isEmpty()) {
            tell.accept("Waiting up to shutdown.grace = %d s: %d requests and %d builds run."
                    .formatted(limits.grace().toSeconds(), running, building.size()));
        }
        requests.await(limits.grace());
        builds.awaitRunning(limits.grace().minusNanos(System.nanoTime() - begin));
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                LOG.error("A part of the server did not close", e);
            }
        }
    }
}
