package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A server with a repository to be in sync with, both real. After each test, whatever went wrong in it, the library is whole: what is
 * live is there, and nothing else.
 */
abstract class SyncFixture extends BuildFixture {
    static final String INDEX = "/src/contrib/PACKAGES.gz";
    private static final String WAITING = "Sys.sleep(%s)\nanswer <- function() %s\n";

    CranServer cran;

    @BeforeEach
    void serve() throws IOException {
        cran = new CranServer(root.resolve("cran"));
    }

    @Override
    @AfterEach
    void close() {
        super.close();
        cran.close();
        assertWhole(data());
    }

    /** Opens the service with a sync of these packages, which runs when it is asked to. */
    void keep(String packages, String... more) {
        reopen(settings(cran, packages, more));
    }

    static Map<String, String> settings(CranServer cran, String packages, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "repos", cran.url().toString(),
                "sync.cran.packages", packages,
                "sync.cran.cron", "off",
                "sync.cran.parallel", "2",
                "admin.email", "admin@example.org"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /** Has the repository offer this version of packages that answer with a number. */
    void offer(String version, int answer, String... names) throws IOException {
        cran.addAll(Stream.of(names)
                .map(name -> RPackage.answering(name, version, "" + answer))
                .toList());
    }

    /** A package whose installation takes so long. */
    static Map<String, String> slow(String name, String version, int seconds, int answer) {
        return RPackage.with(name, version, WAITING.formatted(seconds, answer));
    }

    SyncRunView run() throws Exception {
        return run("cran");
    }

    SyncRunView run(String sync) throws Exception {
        return ended(builds.syncs().run(sync).id());
    }

    /** A run as it ended. */
    SyncRunView ended(long run) throws Exception {
        await(run, heard -> false);
        return builds.syncs().find(run).orElseThrow();
    }

    /** Waits until a package of a run has come so far. */
    void await(long run, String name, SyncPackageState state) throws Exception {
        boolean came = await(run, one -> one.name().equals(name) && one.state() == state);
        assertTrue(came, () -> "%s was never %s: %s".formatted(name, state, told(run)));
    }

    /** Waits until the run has ended, false, or one of its packages is like this. */
    private boolean await(long run, Predicate<SyncPackageView> wanted) throws Exception {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        LogSubscription following = builds.syncs().follow(run, new SyncListener() {
            @Override
            public void run(SyncRunView now) {}

            @Override
            public void changed(SyncPackageView changed) {
                if (wanted.test(changed)) {
                    seen.complete(true);
                }
            }

            @Override
            public void end() {
                seen.complete(false);
            }
        });
        try {
            return seen.get(1, TimeUnit.MINUTES);
        } finally {
            following.close();
        }
    }

    /** Sees that a run brought everything in sync. */
    SyncRunView succeeded(SyncRunView run) {
        assertEquals(SyncRunState.SUCCEEDED, run.state(), () -> told(run.id()));
        return run;
    }

    SyncRunView failed(SyncRunView run) {
        assertEquals(SyncRunState.FAILED, run.state(), () -> told(run.id()));
        return run;
    }

    /** All that is told of a run. */
    String told(long run) {
        return builds.syncs().find(run) + "\n" + builds.syncs().packages(run);
    }

    SyncPackageView packageOf(SyncRunView run, String name) {
        return builds.syncs().packages(run.id()).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is none of " + told(run.id())));
    }

    String reason(SyncRunView run, String name) {
        return packageOf(run, name).reason().orElseThrow(() -> new AssertionError(told(run.id())));
    }

    Path library() {
        return data().resolve("cran/current");
    }

    /** The versions that are live, by name. */
    Map<String, String> live() throws IOException {
        return versions(library());
    }

    static Map<String, String> versions(Path library) {
        Map<String, String> versions = new TreeMap<>();
        for (Path one : Disk.list(library)) {
            if (Files.isDirectory(one)) {
                versions.put(
                        one.getFileName().toString(), Description.fieldsOf(one).get("Version"));
            }
        }
        return versions;
    }

    /** What live packages answer, loaded by one R, with a space between. */
    String answers(String... names) throws IOException {
        return answers(library(), List.of(names));
    }

    static String answers(Path library, Iterable<String> names) throws IOException {
        return Rscript.run(
                ".libPaths('%s'); cat(sapply(c('%s'), function(name) getExportedValue(loadNamespace(name), 'answer')()))"
                        .formatted(library, String.join("', '", names)));
    }

    /** How many requests there were of the files of packages. */
    long downloads() {
        return cran.web().requests().stream()
                .filter(request -> request.path().endsWith(".tar.gz"))
                .count();
    }

    /** Sees that a library that nobody has open holds what is live, and nothing half-made. */
    static void assertWhole(Path data) {
        Set<Path> live = new TreeSet<>();
        for (Path one : Disk.list(data.resolve("cran/current"))) {
            if (Files.isSymbolicLink(one)) {
                assertTrue(Files.exists(one.resolve("DESCRIPTION")), () -> one + " leads nowhere");
                live.add(real(one).getParent());
            }
        }
        Set<Path> stored = Disk.list(data.resolve("cran/packages")).stream()
                .flatMap(name -> Disk.list(name).stream())
                .map(SyncFixture::real)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(live, stored, "packages that are stored are live, and none else");
        assertEquals(
                Files.exists(data.resolve("cran/current")) ? 1 : 0,
                Disk.list(data.resolve("cran/versions")).size(),
                "versions of the library");
        assertEquals(List.of(), Disk.list(data.resolve("cran/work")), "nothing is left of the work");
        assertEquals(0, processes(data + "/cran/work"), "nothing runs any more");
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The files that a next run need not fetch, and parts of files. */
    List<String> kept() {
        List<String> names = new ArrayList<>();
        Disk.list(data().resolve("cran/downloads/cran"))
                .forEach(file -> names.add(file.getFileName().toString()));
        return names;
    }
}
