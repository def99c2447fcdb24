package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ocpu.app.HostedApp;
import org.ocpu.app.HostedApps;
import org.ocpu.app.PackageSource;

/** Versions on disk, without R: a build's library is whatever it is. */
@Timeout(60)
class AppLibraryTest {
    private static final AppName APP = new AppName("Alice", "Stocks");
    private static final int SIZE = 1000;

    @TempDir
    Path root;

    private final List<Runnable> requests = new ArrayList<>();
    private boolean inUse;
    private AppLibrary library;

    @BeforeEach
    void open() throws IOException {
        root = root.toRealPath();
        Files.createDirectories(apps());
        Files.createDirectories(root.resolve("work"));
        reopen(Map.of());
    }

    @AfterEach
    void close() {
        library.close();
    }

    private void reopen(Map<String, String> settings) {
        if (library != null) {
            library.close();
        }
        library = open(apps(), settings, this::retire);
    }

    private AppLibrary open(Path apps, Map<String, String> settings, Retirement retirement) {
        Disk.list(root.resolve("work")).forEach(Disk::delete);
        return AppLibrary.open(
                apps, root.resolve("work"), BuilderConfig.from(settings).apps(), retirement);
    }

    /** As if requests were using the version while {@code inUse}. */
    private void retire(Path version, Runnable whenUnused) {
        if (inUse) {
            requests.add(whenUnused);
        } else {
            whenUnused.run();
        }
    }

    private void endRequests() {
        inUse = false;
        requests.forEach(Runnable::run);
        requests.clear();
    }

    private Path apps() {
        return root.resolve("apps");
    }

    @Test
    void anAppThatWasRemovedMeanwhileDoesNotComeBack() throws IOException {
        try (BuildLogs logs = new BuildLogs(Files.createDirectories(root.resolve("logs")), Runs.RULES)) {
            BuildRun run = run(APP, 1, logs.open(1));
            Files.createDirectories(run.library().resolve("stocks"));
            Description description = new Description("stocks", "1.1", "Answers", "All of them.");
            assertThrows(Skipped.class, () -> library.publish(run, description, Origin.UNKNOWN, () -> true));
        }
        assertEquals(Optional.empty(), library.app(APP));
    }

    @Test
    void eachVersionHasTheReadmeItCameWith() throws IOException {
        publish(APP, 1);
        assertEquals(Optional.empty(), library.readme(APP), "of a version without one");
        publishWithReadme(2, "Two");
        publishWithReadme(3, "Three");
        Readme readme = library.readme(APP).orElseThrow();
        assertEquals("Three", readme.text());
        assertEquals("r/README.md", readme.path());
        assertEquals(Optional.of(URI.create("https://example.org/alice/stocks")), readme.repository());
        assertEquals(readme.repository(), library.repository(APP));
        library.rollback(APP, OptionalLong.of(2));
        assertEquals("Two", library.readme(APP).orElseThrow().text());
        reopen(Map.of());
        assertEquals("Two", library.readme(APP).orElseThrow().text());
        library.rollback(APP, OptionalLong.of(1));
        assertEquals(Optional.empty(), library.readme(APP));
        assertEquals(Optional.empty(), library.readme(new AppName("alice", "none")));
    }

    private void publishWithReadme(long build, String text) throws IOException {
        try (BuildLogs logs = new BuildLogs(Files.createDirectories(root.resolve("logs")), Runs.RULES)) {
            BuildRun run = run(APP, build, logs.open(build));
            Files.createDirectories(run.library().resolve("stocks"));
            Files.createSymbolicLink(run.library().resolve("README"), Path.of("/etc/passwd")); // by the author's code
            Path copy = Files.writeString(run.work().resolve("README"), text);
            Optional<ReadmeCopy.Kept> readme = Optional.of(new ReadmeCopy.Kept(copy, "r/README.md"));
            URI page = URI.create("https://example.org/alice/stocks");
            Description description = new Description("stocks", "1." + build, "Answers", "All of them.");
            library.publish(run, description, new Origin(Optional.empty(), readme, Optional.of(page)), () -> false);
        }
    }

    private void publish(AppName name, long build) {
        publish(name, build, SIZE);
    }

    private void publish(AppName name, long build, int size) {
        try (BuildLogs logs = new BuildLogs(Files.createDirectories(root.resolve("logs")), Runs.RULES)) {
            BuildRun run = run(name, build, logs.open(build));
            Files.createDirectories(run.library().resolve("stocks"));
            Files.write(run.library().resolve("stocks/data"), new byte[size]);
            library.publish(
                    run,
                    new Description("stocks", "1." + build, "Answers", "All of them."),
                    Origin.UNKNOWN,
                    () -> false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BuildRun run(AppName name, long build, BuildLog log) {
        Push push = new Push(
                name,
                "",
                "refs/heads/main",
                "%040x".formatted(build),
                Optional.empty(),
                false,
                Optional.empty(),
                new Person("Pat", Optional.empty()),
                Optional.empty(),
                List.of(),
                true,
                Push.Wishes.NONE);
        Build running = Runs.running(build, push);
        Path work = root.resolve("work").resolve(Long.toString(build));
        return new BuildRun(running, work, log, Deadline.in(Duration.ofMinutes(1)), new StopSignal());
    }

    @Test
    void keepsTheSourceWithItsVersionWhateverTheInstallationLeftUnderItsName() throws IOException {
        Path elsewhere = Files.writeString(root.resolve("elsewhere"), "not to be touched");
        Path archive = Files.writeString(root.resolve("work/archive"), "packed");
        PackageSource about = new PackageSource("stocks_1.1.tar.gz", Map.of("Package", "stocks"));
        try (BuildLogs logs = new BuildLogs(Files.createDirectories(root.resolve("logs")), Runs.RULES)) {
            BuildRun run = run(APP, 1, logs.open(1));
            Files.createDirectories(run.library());
            for (String name : List.of("stocks_1.1.tar.gz", "app.json")) {
                Files.createSymbolicLink(run.library().resolve(name), elsewhere);
            }
            Description description = new Description("stocks", "1.1", "Answers", "All of them.");
            Optional<SourceArchive.Kept> source = Optional.of(new SourceArchive.Kept(archive, about));
            library.publish(run, description, new Origin(source, Optional.empty(), Optional.empty()), () -> false);
        }
        Path version = library.live(APP).orElseThrow();
        assertEquals("packed", Files.readString(version.resolve("stocks_1.1.tar.gz")));
        assertEquals("not to be touched", Files.readString(elsewhere));
        long link = elsewhere.toString().length(); // which was there until app.json replaced it
        assertEquals(6 + link, library.app(APP).orElseThrow().bytes(), "it counts");
        HostedApp app = new HostedApps(apps()).list().get(0);
        assertEquals(Optional.of(about), app.source());
        assertTrue(app.open());
    }

    /** The builds of an app's versions, newest first, the live one in brackets; nothing when there is no app. */
    private String versions(AppName name) {
        return library.app(name).stream()
                .flatMap(app -> app.versions().stream())
                .map(version -> version.live() ? "[" + version.build() + "]" : "" + version.build())
                .collect(Collectors.joining(" "));
    }

    private List<String> files() throws IOException {
        return files(apps());
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.skip(1)
                    .map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void tellsOfAnAppAndItsVersions() {
        publish(APP, 3);
        publish(APP, 4, 24);
        AppView app = library.app(new AppName("alice", "stocks")).orElseThrow();
        assertEquals(APP, app.name());
        assertEquals("stocks", app.packageName());
        assertEquals("Answers", app.title());
        assertEquals("All of them.", app.about());
        assertEquals(SIZE + 24, app.bytes());
        VersionView live = app.live();
        assertEquals(4, live.build());
        assertEquals("1.4", live.version());
        assertEquals("refs/heads/main", live.ref());
        assertEquals("%040x".formatted(4), live.commit());
        assertEquals(24, live.bytes());
        assertEquals("[4] 3", versions(APP));
        assertEquals(4, library.newest());
        assertEquals(Optional.empty(), library.app(new AppName("alice", "bonds")));
    }

    @Test
    void aVersionOfBeforeSizesAndRefsWereKeptIsReadToo() throws IOException {
        publish(APP, 3);
        Path about = apps().resolve("alice/stocks/versions/3/app.json");
        String json = Files.readString(about).replaceAll("(?m)^.*\"(ref|bytes)\".*\n", "");
        Files.writeString(about, json.replaceAll(",\\s*}", "}"));
        VersionView version = library.app(APP).orElseThrow().live();
        assertEquals("refs/heads/main", version.ref());
        assertTrue(version.bytes() > SIZE, version::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "Alice/Stocks, alice/stocks",
        "Alice/Stocks/Calc, alice/stocks:calc",
        "Alice/Stocks@feature~x, alice/stocks@feature~x",
        "Alice/Stocks/Calc@pr-7, alice/stocks:calc@pr-7"
    })
    void everyNameHasADirectory(String name, String directory) {
        publish(AppName.parse(name), 3);
        assertTrue(Files.isRegularFile(apps().resolve(directory).resolve("current/stocks/data")));
        assertEquals(
                List.of(AppName.parse(name)),
                library.apps().stream().map(AppView::name).toList());
    }

    @Test
    void rollsBackAndForth() throws IOException {
        for (long build = 1; build <= 3; build++) {
            publish(APP, build);
        }
        assertEquals(2, library.rollback(APP, OptionalLong.empty()).live().build());
        assertEquals("3 [2] 1", versions(APP));
        assertEquals(
                Path.of("versions/2"),
                Files.readSymbolicLink(apps().resolve("alice/stocks/current")),
                "it is relative");
        library.rollback(APP, OptionalLong.empty());
        assertEquals("3 2 [1]", versions(APP));
        library.rollback(APP, OptionalLong.of(3));
        assertEquals("[3] 2 1", versions(APP));
        publish(APP, 4);
        assertEquals("[4] 3 2 1", versions(APP));
    }

    @Test
    void doesNotRollBackToWhatIsNotThere() {
        publish(APP, 3);
        AppName bonds = new AppName("alice", "bonds");
        assertThrows(UnknownNameException.class, () -> library.rollback(bonds, OptionalLong.empty()));
        assertThrows(UnknownNameException.class, () -> library.rollback(APP, OptionalLong.of(2)));
        assertThrows(ConflictException.class, () -> library.rollback(APP, OptionalLong.of(3)));
        assertThrows(ConflictException.class, () -> library.rollback(APP, OptionalLong.empty()));
        assertEquals("[3]", versions(APP));
    }

    @Test
    void keepsTheNewestVersionsAndTheOneBefore() throws IOException {
        reopen(Map.of("versions.keep", "3"));
        for (long build = 1; build <= 5; build++) {
            publish(APP, build);
        }
        assertEquals("[5] 4 3", versions(APP));
        assertFalse(files().toString().contains("versions/2"), "the files are gone");
        library.rollback(APP, OptionalLong.of(3));
        publish(APP, 6);
        assertEquals("[6] 5 3", versions(APP), "what was live is kept");
        reopen(Map.of("versions.keep", "1"));
        publish(APP, 7);
        assertEquals("[7] 6", versions(APP));
    }

    @Test
    void aPreviewHasOneVersion() {
        AppName preview = APP.withPreview("feature/x");
        publish(APP, 1);
        publish(preview, 2);
        publish(preview, 3);
        assertEquals("[3]", versions(preview));
        assertEquals("[1]", versions(APP));
    }

    @Test
    void aVersionInUseIsDeletedAfterItsLastRequest() throws IOException {
        reopen(Map.of("versions.keep", "2"));
        publish(APP, 1);
        publish(APP, 2);
        inUse = true;
        publish(APP, 3);
        assertTrue(Files.exists(apps().resolve("alice/stocks/versions/1/stocks/data")));
        assertEquals("[3] 2", versions(APP), "but it is no longer to be had");
        assertThrows(UnknownNameException.class, () -> library.rollback(APP, OptionalLong.of(1)));
        endRequests();
        assertFalse(Files.exists(apps().resolve("alice/stocks/versions/1")));
        assertEquals("[3] 2", versions(APP));
    }

    @Test
    void aRemovedAppLeavesNothing() throws IOException {
        publish(APP, 1);
        publish(APP, 2);
        publish(new AppName("alice", "bonds"), 3);
        library.remove(APP);
        assertEquals(Optional.empty(), library.app(APP));
        assertEquals(Optional.empty(), library.live(APP));
        assertFalse(Files.exists(apps().resolve("alice/stocks")));
        assertThrows(UnknownNameException.class, () -> library.remove(APP));
        library.remove(new AppName("Alice", "Bonds"));
        assertEquals(List.of(), files());
        library.close();
        assertEquals(
                List.of(),
                files(root.resolve("work")).stream()
                        .filter(file -> file.startsWith("version"))
                        .toList());
    }

    @Test
    void aRemovedAppsFilesStayForItsRequests() throws IOException {
        publish(APP, 1);
        inUse = true;
        library.remove(APP);
        assertFalse(Files.exists(apps().resolve("alice/stocks/current")));
        assertTrue(Files.exists(apps().resolve("alice/stocks/versions/1/stocks/data")));
        assertEquals(List.of(), library.apps());
        endRequests();
        assertEquals(List.of(), files());
    }

    @Test
    void aPushBringsARemovedAppBack() {
        publish(APP, 1);
        inUse = true;
        library.remove(APP);
        publish(APP, 2);
        assertEquals("[2]", versions(APP));
        endRequests();
        assertEquals("[2]", versions(APP));
        assertFalse(Files.exists(apps().resolve("alice/stocks/versions/1")));
    }

    @Test
    void whateverMomentARemovalIsCutOffAtTheNextStartFinishesIt() throws IOException {
        publish(APP, 1);
        publish(APP, 2);
        List<Path> moments = new ArrayList<>();
        library.close();
        library = open(apps(), Map.of(), (version, whenUnused) -> {
            moments.add(copy(apps(), root.resolve("before" + version.getFileName())));
            whenUnused.run();
            moments.add(copy(apps(), root.resolve("after" + version.getFileName())));
        });
        library.remove(APP);
        assertEquals(4, moments.size());
        for (Path moment : moments) {
            try (AppLibrary next = open(moment, Map.of(), Retirement.AT_ONCE)) {
                assertEquals(List.of(), next.apps());
                assertEquals(List.of(), files(moment));
            }
        }
    }

    private static Path copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.sorted(Comparator.naturalOrder()).toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), java.nio.file.LinkOption.NOFOLLOW_LINKS);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatACrashLeftOfAPublicationIsSweptAndItCanBeRepeated() throws IOException {
        publish(APP, 1);
        publish(new AppName("bob", "new"), 2);
        publish(APP, 3);
        // as if the power had gone between the renames
        Files.delete(apps().resolve("bob/new/current"));
        library.rollback(APP, OptionalLong.of(1));
        Files.createSymbolicLink(apps().resolve("alice/stocks/next"), Path.of("versions/3"));
        Files.writeString(apps().resolve("notes.txt"), "the admin's");
        reopen(Map.of());
        assertFalse(Files.exists(apps().resolve("bob")));
        assertFalse(Files.isSymbolicLink(apps().resolve("alice/stocks/next")));
        assertTrue(Files.exists(apps().resolve("notes.txt")));
        assertEquals("3 [1]", versions(APP));
        publish(APP, 3);
        assertEquals("[3] 1", versions(APP));
        publish(APP, 3);
        assertEquals("[3] 1", versions(APP));
        publish(new AppName("bob", "new"), 2);
        assertEquals("[2]", versions(new AppName("bob", "new")));
    }

    @Test
    void anOwnersAppsTakeNoMoreThanTheQuota() throws IOException {
        reopen(Map.of("quota.owner", "4000"));
        publish(APP, 1);
        publish(APP, 2);
        publish(new AppName("alice", "bonds"), 3);
        List<String> before = files();
        BuildFailure refusal = assertThrows(BuildFailure.class, () -> publish(new AppName("alice", "new"), 4, 1500));
        assertEquals(
                "alice's apps take 2.9 KB of 3.9 KB (quota.owner); this version needs 1.5 KB more:"
                        + " remove an app, or ask the admin for more",
                refusal.getMessage());
        assertEquals(before, files(), "nothing is lost by the refusal");
        publish(new AppName("bob", "stocks"), 5, 4000);
        library.remove(new AppName("alice", "bonds"));
        publish(new AppName("alice", "new"), 6, 1500);
        assertEquals("[2] 1", versions(APP));
    }

    @Test
    void olderVersionsGoBeforeThePushIsRefused() {
        reopen(Map.of("quota.owner", "3500"));
        publish(APP, 1);
        publish(APP, 2);
        publish(APP, 3);
        publish(APP, 4);
        assertEquals("[4] 3 2", versions(APP));
        publish(APP, 5, 2500);
        assertEquals("[5] 4", versions(APP));
        assertThrows(BuildFailure.class, () -> publish(APP, 6, 1001));
        assertEquals("[5] 4", versions(APP), "the way back stays");
    }

    @Test
    void publishingRollingBackAndRemovingAtTheSameTimeLeavesWholeApps() throws Exception {
        reopen(Map.of("versions.keep", "2"));
        publish(APP, 1);
        Consumer<Runnable> often = action -> {
            for (int i = 0; i < 200; i++) {
                try {
                    action.run();
                } catch (UnknownNameException | ConflictException e) {
                    assertFalse(e.getMessage().isEmpty());
                }
            }
        };
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (long build = 2; build <= 40; build++) {
                publish(APP, build);
            }
        });
        CompletableFuture<Void> back =
                CompletableFuture.runAsync(() -> often.accept(() -> library.rollback(APP, OptionalLong.empty())));
        CompletableFuture<Void> removing = CompletableFuture.runAsync(() -> often.accept(() -> library.remove(APP)));
        CompletableFuture<Void> reading = CompletableFuture.runAsync(
                () -> often.accept(() -> library.apps().forEach(AppView::live)));
        CompletableFuture.allOf(publishing, back, removing, reading).get();
        publish(APP, 41);
        assertTrue(versions(APP).startsWith("[41]"), versions(APP));
        assertTrue(Files.isRegularFile(apps().resolve("alice/stocks/current/stocks/data")));
    }
}
