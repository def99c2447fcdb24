package org.ocpu.builder;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ocpu.app.DiskReserve;
import org.ocpu.app.SandboxMode;
import org.ocpu.mailer.Message;

/**
 * The settings of this module.
 *
 * @param secret what deliveries are signed with ({@code webhook.secret}); absent: unsigned deliveries are accepted
 * @param syncs by name
 * @param onDemand by the library's name
 * @param cleaning when sessions that are old or too many are removed ({@code session.cron}, a Quartz cron expression)
 * @param reserve what is to stay free of the disk
 */
public record BuilderConfig(
        GitHub github,
        Optional<String> secret,
        Builds builds,
        Limits limits,
        Apps apps,
        Reports reports,
        Map<String, SyncConfig> syncs,
        Map<String, OnDemand> onDemand,
        Gists gists,
        String cleaning,
        DiskReserve reserve) {
    static final String CRAN = "https://cloud.r-project.org";
    static final String LIMIT_KEY = "timelimit.webhook";
    static final String QUOTA_KEY = "quota.owner";
    static final String LARGEST_FILE_KEY = "builds.filesize";
    static final String MEMORY_KEY = "builds.memory";
    static final String PROCESSES_KEY = "builds.processes";
    static final String DISK_KEY = "builds.disk";
    static final String GIST_SIZE_KEY = "gist.size";
    private static final String CLEANING_KEY = "session.cron";
    private static final String TOKEN_KEY = "github.token";
    private static final String SSH_KEY = "github.key";
    private static final Set<String> WEB = Set.of("http", "https");
    private static final Set<String> KEYS = Set.of(
            "github.url",
            "github.api",
            TOKEN_KEY,
            SSH_KEY,
            "github.knownhosts",
            "webhook.secret",
            LIMIT_KEY,
            "builds.parallel",
            "builds.keep",
            "builds.log",
            LARGEST_FILE_KEY,
            MEMORY_KEY,
            PROCESSES_KEY,
            DISK_KEY,
            SandboxMode.KEY,
            "reconcile.cron",
            "previews",
            "previews.forks",
            "repos",
            "versions.keep",
            QUOTA_KEY,
            "public.url",
            "root.path",
            "mail.from",
            "mail_on",
            "mail_owner",
            "notify.url",
            "notify.secret",
            "admin.email",
            "gist.url",
            "gist.maxage",
            GIST_SIZE_KEY,
            CLEANING_KEY,
            DiskReserve.KEY,
            "repo.private",
            "cran.ondemand",
            "cran.ondemand.packages",
            "cran.ondemand.size",
            "cran.ondemand.repos",
            "bioc.ondemand",
            "bioc.ondemand.packages",
            "bioc.ondemand.size",
            "bioc.ondemand.repos");

    /**
     * Where repositories come from.
     *
     * @param url what they are cloned from ({@code github.url}); http, https, ssh or file
     * @param api GitHub's REST API ({@code github.api}; of a GitHub Enterprise server: {@code https://HOST/api/v3})
     * @param tokens by owner in lower case, and by the empty name for all others ({@code github.token.OWNER}, {@code
     *     github.token})
     * @param keys files with private SSH keys, in the same way ({@code github.key.OWNER}, {@code github.key}): with one, the
     *     owner's repositories are fetched over SSH
     * @param knownHosts the known_hosts file these connections are checked with ({@code github.knownhosts})
     */
    record GitHub(URI url, URI api, Map<String, String> tokens, Map<String, Path> keys, Optional<Path> knownHosts) {
        Optional<String> token(String owner) {
            return ofOwner(tokens, owner);
        }

        Optional<Path> key(String owner) {
            return ofOwner(keys, owner);
        }

        private static <T> Optional<T> ofOwner(Map<String, T> all, String owner) {
            return Optional.ofNullable(all.get(owner.toLowerCase(Locale.ROOT)))
                    .or(() -> Optional.ofNullable(all.get("")));
        }

        /** Without the tokens, so that it can be logged. */
        @Override
        public String toString() {
            return "GitHub[url=%s, api=%s, tokens of %s, keys=%s]".formatted(url, api, tokens.keySet(), keys);
        }
    }

    /**
     * How builds are taken up.
     *
     * @param limit how long one may take from checkout to load check ({@code timelimit.webhook}, seconds)
     * @param parallel how many run at once ({@code builds.parallel})
     * @param keep finished builds of each app that are remembered with their logs ({@code builds.keep})
     * @param largestLog bytes of commands' output that a log keeps ({@code builds.log})
     * @param largestFile bytes of a file in a repository ({@code builds.filesize})
     * @param reconcile when to look for pushes that no delivery told of ({@code reconcile.cron}, a Quartz cron expression, or
     *     {@code off})
     * @param previews whether branches and pull requests are live beside their app ({@code previews})
     * @param previewsOfForks also pull requests from forks, which anyone can open ({@code previews.forks})
     */
    record Builds(
            Duration limit,
            int parallel,
            int keep,
            long largestLog,
            long largestFile,
            Optional<String> reconcile,
            boolean previews,
            boolean previewsOfForks) {}

    /**
     * What the commands of one build may use.
     *
     * @param mode whether builds are confined ({@code sandbox})
     * @param memory bytes, of all its processes where the kernel can count them together, else of each ({@code builds.memory})
     * @param processes at once ({@code builds.processes})
     * @param disk bytes in the build's directory ({@code builds.disk})
     */
    record Limits(SandboxMode mode, long memory, int processes, long disk) {}

    /**
     * What is kept of apps.
     *
     * @param repositories of packages that apps need and the server lacks, CRAN-like, first wins ({@code repos})
     * @param keep newest versions of an app that stay on disk ({@code versions.keep}); the live one and the one before it
     *     always do
     * @param quota bytes that all versions of an owner's apps may take ({@code quota.owner})
     * @param offerPrivate whether the source of apps from private repositories is offered, too ({@code repo.private})
     */
    record Apps(List<URI> repositories, int keep, long quota, boolean offerPrivate) {}

    /**
     * What requests may have installed in a library.
     *
     * @param enabled {@code cran.ondemand}
     * @param packages how many packages there may be, with what they need ({@code .packages})
     * @param size bytes that a request may have downloaded ({@code .size})
     * @param repositories where from ({@code .repos})
     */
    record OnDemand(boolean enabled, int packages, long size, List<URI> repositories) {}

    /**
     * Where gists come from.
     *
     * @param url below which {@code user/id.git} is ({@code gist.url})
     * @param maxAge after which a gist is asked for anew ({@code gist.maxage}, seconds); 0: at each request
     * @param size bytes one may have ({@code gist.size})
     */
    record Gists(URI url, Duration maxAge, long size) {}

    /**
     * How people and programs are told.
     *
     * @param site what links begin with ({@code public.url})
     * @param root where the API begins below that ({@code root.path})
     * @param sender the address mails come from ({@code mail.from}, as in the mailer's settings)
     * @param mailOwner whether the repository's owner gets mails, too ({@code mail_owner})
     * @param notifyUrl where to POST every finished build ({@code notify.url})
     * @param notifySecret what such a POST is signed with ({@code notify.secret})
     * @param admin who gets the reports of syncs ({@code admin.email})
     */
    record Reports(
            URI site,
            String root,
            String sender,
            MailOn mailOn,
            boolean mailOwner,
            Optional<URI> notifyUrl,
            Optional<String> notifySecret,
            Optional<String> admin) {
        /** Where the API begins, for links. */
        String api() {
            return site + root;
        }
    }

    /** Whether {@link #from} reads a setting of this name. */
    public static boolean knows(String key) {
        return KEYS.contains(key)
                || SyncConfig.knows(key)
                || key.startsWith(TOKEN_KEY + ".")
                || key.startsWith(SSH_KEY + ".");
    }

    /** The settings with a name in them that their author chooses, for people. */
    public static Set<String> namedKeys() {
        Set<String> keys = new TreeSet<>(SyncConfig.keys("NAME"));
        keys.add(TOKEN_KEY + ".OWNER");
        keys.add(SSH_KEY + ".OWNER");
        return keys;
    }

    /** The names {@link #from} reads, apart from those that end in an owner's. */
    public static Set<String> keys() {
        return KEYS;
    }

    /**
     * Reads this module's keys and ignores all others.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public static BuilderConfig from(Map<String, String> values) {
        Settings settings = new Settings(values);
        return new BuilderConfig(
                github(settings),
                settings.text("webhook.secret"),
                builds(settings),
                new Limits(
                        SandboxMode.from(values),
                        settings.size(MEMORY_KEY, 4L << 30),
                        settings.number(PROCESSES_KEY, 512),
                        settings.size(DISK_KEY, 4L << 30)),
                new Apps(
                        settings.publicAddresses("repos", CRAN, Set.of("http", "https", "file")),
                        settings.number("versions.keep", 5),
                        settings.size(QUOTA_KEY, 10L << 30),
                        settings.flag("repo.private", false)),
                reports(settings),
                SyncConfig.all(settings),
                onDemand(settings),
                new Gists(
                        settings.address("gist.url", "https://gist.github.com", Set.of("http", "https", "file")),
                        Duration.ofSeconds(settings.size("gist.maxage", 60, 0)),
                        settings.size(GIST_SIZE_KEY, 10L << 20)),
                cleaning(settings),
                DiskReserve.from(values));
    }

    /** What stands, by its key, as it would be written; without what is empty, and without secrets. */
    public Map<String, String> values() {
        return BuilderValues.of(this);
    }

    private static Map<String, OnDemand> onDemand(Settings settings) {
        Map<String, OnDemand> all = new HashMap<>();
        for (String library : SyncConfig.LIBRARIES) {
            String key = library + ".ondemand";
            all.put(
                    library,
                    new OnDemand(
                            settings.flag(key, false),
                            settings.number(key + ".packages", 500),
                            settings.size(key + ".size", 200L << 20),
                            settings.publicAddresses(
                                    key + ".repos",
                                    SyncConfig.repositoriesOnDemand(library, settings),
                                    Set.of("http", "https", "file"))));
        }
        return Map.copyOf(all);
    }

    private static GitHub github(Settings settings) {
        Map<String, Path> keys = settings.named(SSH_KEY).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Path.of(entry.getValue())));
        return new GitHub(
                settings.address("github.url", "https://github.com", Set.of("http", "https", "ssh", "file")),
                settings.address("github.api", "https://api.github.com", WEB),
                settings.named(TOKEN_KEY),
                keys,
                settings.text("github.knownhosts").map(Path::of));
    }

    private static Builds builds(Settings settings) {
        return new Builds(
                Duration.ofSeconds(settings.number(LIMIT_KEY, 900)),
                settings.number("builds.parallel", Runtime.getRuntime().availableProcessors()),
                settings.number("builds.keep", 100),
                settings.size("builds.log", 5_000_000),
                settings.size(LARGEST_FILE_KEY, 100L << 20),
                cron(settings),
                settings.flag("previews", false),
                settings.flag("previews.forks", false));
    }

    private static Optional<String> cron(Settings settings) {
        String expression = settings.text("reconcile.cron").orElse("0 17 * * * ?");
        if (expression.equals("off")) {
            return Optional.empty();
        }
        BuildScheduler.checkCron("reconcile.cron", expression);
        return Optional.of(expression);
    }

    private static String cleaning(Settings settings) {
        String expression = settings.text(CLEANING_KEY).orElse("30 0/10 * * * ?");
        BuildScheduler.checkCron(CLEANING_KEY, expression);
        return expression;
    }

    private static Reports reports(Settings settings) {
        String sender = address(settings, "mail.from").orElse("ocpu@localhost");
        return new Reports(
                settings.address("public.url", "http://localhost:8004", WEB),
                settings.text("root.path").orElse("/ocpu"),
                sender,
                settings.choice("mail_on", MailOn.ALWAYS),
                settings.flag("mail_owner", true),
                settings.address("notify.url", WEB),
                settings.text("notify.secret"),
                address(settings, "admin.email"));
    }

    private static Optional<String> address(Settings settings, String key) {
        Optional<String> address = settings.text(key);
        if (address.isPresent() && !Message.isAddress(address.get())) {
            throw Settings.bad(key, address.get(), "not a mail address");
        }
        return address;
    }

    /** The same without the secrets, so that it can be logged. */
    @Override
    public String toString() {
        return "BuilderConfig[%s, secret=%s, %s, %s, %s, site=%s]"
                .formatted(github, secret.isPresent() ? "set" : "none", builds, limits, apps, reports.site());
    }
}
