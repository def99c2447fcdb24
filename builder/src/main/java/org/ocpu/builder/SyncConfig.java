package org.ocpu.builder;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.app.SyncedLibrary;

/**
 * Which packages of which repositories a library is kept in sync with: the settings {@code sync.NAME.KEY}.
 *
 * @param name as in the settings
 * @param library name of the library, one of {@link #LIBRARIES} ({@code .library}; by default that of the sync's own name, else the
 *     first)
 * @param repositories CRAN-like, the first is asked first ({@code .repos}; Bioconductor's version of this R stands for {@code {bioc}}, written {@link #BIOC_VERSION})
 * @param wanted what is to be there ({@code .packages} or {@code .taskview})
 * @param binaries repositories of the same packages, built for this R and Linux ({@code .binaries})
 * @param useBinaries whether a built package is installed where one is had ({@code .binaries} is not {@code off})
 * @param cron when it runs, a Quartz cron expression ({@code .cron}); absent: only by hand
 * @param zone what the expression means ({@code .timezone})
 * @param parallel packages installed at once ({@code .parallel})
 * @param prune whether what the repositories no longer have is removed ({@code .prune})
 * @param limit how long the installation of one package may take ({@code .timelimit}, seconds)
 * @param mailOn which runs are reported to the admin ({@code .mail_on})
 */
record SyncConfig(
        String name,
        String library,
        List<URI> repositories,
        Wanted wanted,
        List<URI> binaries,
        boolean useBinaries,
        Optional<String> cron,
        ZoneId zone,
        int parallel,
        boolean prune,
        Duration limit,
        MailOn mailOn) {
    /** In the address of a repository: Bioconductor's version for this R. */
    static final String BIOC_VERSION = "%7Bbioc%7D";

    static final List<String> LIBRARIES = SyncedLibrary.NAMES;
    private static final Pattern KEY = Pattern.compile("sync\\.([a-z][a-z0-9-]{0,39})\\.([a-z_]+)");
    private static final Set<String> KEYS = Set.of(
            "library",
            "repos",
            "packages",
            "taskview",
            "binaries",
            "cron",
            "timezone",
            "parallel",
            "prune",
            "timelimit",
            "mail_on");
    private static final int LONGEST_INSTALLATION = 3_600;
    private static final Set<String> REPOSITORY = Set.of("http", "https", "file");
    private static final Set<String> NO_PACKAGES = Set.of("all", "installed");
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]");
    private static final String BIOCONDUCTOR = "https://bioconductor.org/packages/{bioc}/bioc"
            + " https://bioconductor.org/packages/{bioc}/data/annotation"
            + " https://bioconductor.org/packages/{bioc}/data/experiment";

    /** What is to be in a library; with all that it needs. */
    sealed interface Wanted {
        /** These packages. */
        record Packages(List<String> names) implements Wanted {
            @Override
            public String toString() {
                return String.join(", ", names);
            }
        }

        /** All that the repositories have. */
        record All() implements Wanted {
            @Override
            public String toString() {
                return "all";
            }
        }

        /** What is there already. */
        record Installed() implements Wanted {
            @Override
            public String toString() {
                return "installed";
            }
        }

        /** What a task view lists: a file {@code .ctv} or {@code .md} as CRAN's, or of names, here or on the web. */
        record TaskViewAt(URI location) implements Wanted {
            @Override
            public String toString() {
                return "task view " + RepositoryFiles.shown(location);
            }
        }
    }

    /** What installs a package that a request asks for. */
    static SyncConfig onDemand(String library, String name, BuilderConfig.OnDemand settings) {
        return new SyncConfig(
                SyncRunView.ON_DEMAND,
                library,
                settings.repositories(),
                new Wanted.Packages(List.of(name)),
                List.of(),
                true,
                Optional.empty(),
                ZoneId.systemDefault(),
                Runtime.getRuntime().availableProcessors(),
                false,
                Duration.ofSeconds(LONGEST_INSTALLATION),
                MailOn.FAILURE);
    }

    /** Whether a request asked for it. */
    boolean asked() {
        return name.equals(SyncRunView.ON_DEMAND);
    }

    /** Whether nobody asked for each single package, so that it is no failure when this server cannot have one. */
    boolean takesWhatItCan() {
        return wanted instanceof Wanted.All;
    }

    /** The same with the addresses of repositories as they are for a version of R. */
    SyncConfig forR(String version) {
        return new SyncConfig(
                name,
                library,
                forR(repositories, version),
                wanted,
                forR(binaries, version),
                useBinaries,
                cron,
                zone,
                parallel,
                prune,
                limit,
                mailOn);
    }

    private static List<URI> forR(List<URI> repositories, String version) {
        String bioconductor = bioconductor(version);
        return repositories.stream()
                .map(one -> URI.create(one.toString().replace(BIOC_VERSION, bioconductor)))
                .toList();
    }

    /**
     * The last release of Bioconductor for an R: of the two that come out in the year of R 4.y, the second, numbered 3.(2y + 12)
     * (bioconductor.org, "Release announcements").
     */
    static String bioconductor(String version) {
        String[] numbers = version.split("\\.");
        return "3." + (2 * Integer.parseInt(numbers[1]) + 12);
    }

    static boolean knows(String key) {
        Matcher parts = KEY.matcher(key);
        return parts.matches() && KEYS.contains(parts.group(2));
    }

    /** The settings of a sync of some name. */
    static Set<String> keys(String name) {
        return KEYS.stream().map(key -> "sync.%s.%s".formatted(name, key)).collect(Collectors.toSet());
    }

    /** All syncs of the settings, by name. */
    static Map<String, SyncConfig> all(Settings settings) {
        Map<String, SyncConfig> all = new TreeMap<>();
        for (String name : names(settings)) {
            all.put(name, of(name, settings));
        }
        return all;
    }

    private static Set<String> names(Settings settings) {
        Set<String> names = new TreeSet<>();
        for (String key : settings.values().keySet()) {
            Matcher parts = KEY.matcher(key);
            if (parts.matches() && KEYS.contains(parts.group(2))) {
                names.add(parts.group(1));
            }
        }
        return names;
    }

    private static SyncConfig of(String name, Settings settings) {
        String prefix = "sync." + name + ".";
        if (name.equals(SyncRunView.ON_DEMAND)) {
            throw new IllegalArgumentException(prefix + "*: the name " + SyncRunView.ON_DEMAND + " is taken");
        }
        String library = settings.text(prefix + "library").orElse(name.equals("bioc") ? "bioc" : "cran");
        if (!LIBRARIES.contains(library)) {
            throw Settings.bad(prefix + "library", library, "must be one of " + LIBRARIES);
        }
        String binaries = settings.text(prefix + "binaries").orElse("");
        boolean off = binaries.equals("off");
        return new SyncConfig(
                name,
                library,
                settings.publicAddresses(prefix + "repos", repositoriesOf(library, settings), REPOSITORY),
                wanted(settings, prefix),
                off ? List.of() : settings.publicAddresses(prefix + "binaries", "", REPOSITORY),
                !off,
                cron(settings, prefix + "cron"),
                zone(settings, prefix + "timezone"),
                settings.number(prefix + "parallel", Runtime.getRuntime().availableProcessors()),
                settings.flag(prefix + "prune", false),
                Duration.ofSeconds(settings.number(prefix + "timelimit", LONGEST_INSTALLATION)),
                settings.choice(prefix + "mail_on", MailOn.CHANGE));
    }

    /** Where a library's packages come from unless said otherwise. */
    static String repositoriesOf(String library, Settings settings) {
        String repos = settings.text("repos").orElse(BuilderConfig.CRAN);
        return library.equals("bioc") ? BIOCONDUCTOR + " " + repos : repos;
    }

    /** Where requests have its packages installed from unless said otherwise: where the sync of its name has them from. */
    static String repositoriesOnDemand(String library, Settings settings) {
        return settings.text("sync." + library + ".repos").orElse(repositoriesOf(library, settings));
    }

    private static Wanted wanted(Settings settings, String prefix) {
        Optional<URI> view = settings.text(prefix + "taskview")
                .map(value -> value.startsWith("/") ? Path.of(value).toUri().toString() : value)
                .map(value -> Settings.publicAddress(prefix + "taskview", REPOSITORY, value));
        Optional<String> packages = settings.text(prefix + "packages");
        if (view.isPresent() == packages.isPresent()) {
            throw new IllegalArgumentException(
                    "%spackages: a list of packages, all or installed is needed, or %staskview, and not both"
                            .formatted(prefix, prefix));
        }
        if (view.isPresent()) {
            return new Wanted.TaskViewAt(view.get());
        }
        return switch (packages.get()) {
            case "all" -> new Wanted.All();
            case "installed" -> new Wanted.Installed();
            default -> new Wanted.Packages(packages(prefix + "packages", packages.get()));
        };
    }

    private static List<String> packages(String key, String value) {
        List<String> names = Stream.of(value.split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : names) {
            if (!PACKAGE.matcher(name).matches()) {
                throw Settings.bad(key, name, "not a package name");
            }
            if (NO_PACKAGES.contains(name.toLowerCase(Locale.ROOT))) {
                throw Settings.bad(key, value, "all and installed stand alone, in lower case");
            }
        }
        return names;
    }

    private static Optional<String> cron(Settings settings, String key) {
        String expression = settings.text(key).orElse("0 0 3 * * ?");
        if (expression.equals("off")) {
            return Optional.empty();
        }
        BuildScheduler.checkCron(key, expression);
        return Optional.of(expression);
    }

    private static ZoneId zone(Settings settings, String key) {
        String zone = settings.text(key).orElse(ZoneId.systemDefault().getId());
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw Settings.bad(key, zone, "not a time zone, such as Europe/Amsterdam");
        }
    }
}
