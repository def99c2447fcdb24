package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ocpu.builder.GistException.Why;

/** Gists from a real git server; the clock that tells their age is set by the tests. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GistsIT {
    private static final AppName GIST = new AppName("ada", "0a1b");
    private static final Duration MAX_AGE = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private final AtomicLong now = new AtomicLong();
    private final StopSignal stop = new StopSignal();
    private GitServer server;
    private Gists gists;

    @BeforeEach
    void open() throws IOException {
        server = new GitServer(root.resolve("gists"));
        gists = open(Map.of(), 1000);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Gists open(Map<String, String> more, int kept) {
        Map<String, String> settings =
                new HashMap<>(Map.of("gist.url", server.url().toString(), "github.token", "s3cret"));
        settings.putAll(more);
        return Gists.open(BuilderConfig.from(settings), data(), stop, kept, now::get);
    }

    private Path data() {
        return root.resolve("data");
    }

    private void later(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static String read(Gist gist, String file) throws IOException {
        return Files.readString(gist.directory().resolve(file));
    }

    private String read(String file) throws IOException {
        try (Gist gist = gists.open("ada", "0a1b")) {
            return read(gist, file);
        }
    }

    private String unknown(String user, String id) {
        return assertThrows(UnknownNameException.class, () -> gists.open(user, id))
                .getMessage();
    }

    private String failure(Why why) {
        GistException failure = assertThrows(GistException.class, () -> gists.open("ada", "0a1b"));
        assertEquals(why, failure.why(), failure.getMessage());
        assertFalse(failure.getMessage().contains(root.toString()), failure.getMessage());
        return failure.getMessage();
    }

    /** How many versions of the gist are on disk. */
    private long versions() {
        return Disk.list(data().resolve("gist/ada/0a1b/versions")).size();
    }

    private List<String> scratch() {
        return Disk.list(data().resolve("work/gists")).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    @Test
    void theFirstRequestFetchesAndOthersReadWhatItFetched() throws IOException {
        String commit = server.commit(GIST, Map.of("run.R", "6 * 7\n", "data.csv", "a,b\n"));
        try (Gist gist = gists.open("ada", "0a1b")) {
            assertEquals("6 * 7\n", read(gist, "run.R"));
            assertEquals("gist/ada/0a1b " + commit, gist.place() + " " + gist.commit());
            assertEquals(Optional.empty(), gist.problem());
            assertEquals(
                    List.of("data.csv", "run.R"),
                    Disk.list(gist.directory()).stream()
                            .map(file -> file.getFileName().toString())
                            .toList());
        }
        int asked = server.requests();
        assertEquals("a,b\n", read("data.csv"));
        assertEquals(asked, server.requests(), "the copy is young enough");
        assertEquals(List.of(), server.shown(), "no credentials are for gists");
        assertEquals(List.of(), scratch());
    }

    @Test
    void aWebServerWithTheFilesOfARepositoryWillDo() throws IOException {
        server.commit(GIST, Map.of("run.R", "6 * 7\n"));
        GitServer.git(server.bare(GIST), "update-server-info");
        try (FileServer files = new FileServer(root.resolve("gists"))) {
            gists = open(Map.of("gist.url", files.url().toString()), 1000);
            assertEquals("6 * 7\n", read("run.R"));
            assertEquals("There is no gist ada/0a1c.", unknown("ada", "0a1c"));
        }
    }

    @Test
    void aDirectoryOfRepositoriesWillDo() throws IOException {
        server.commit(GIST, Map.of("run.R", "6 * 7\n"));
        gists = open(Map.of("gist.url", root.resolve("gists").toUri().toString()), 1000);
        assertEquals("6 * 7\n", read("run.R"));
        server.commit(GIST, Map.of("run.R", "7 * 7\n"));
        later(MAX_AGE);
        assertEquals("7 * 7\n", read("run.R"));
        assertEquals("There is no gist ada/0a1c.", unknown("ada", "0a1c"));
    }

    @Test
    void anOldCopyIsAskedForAndFetchedOnlyWhenItHasChanged() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        int fetching = server.requests();
        later(MAX_AGE);
        assertEquals("1\n", read("run.R"));
        int asking = server.requests() - fetching;
        assertTrue(asking < fetching, asking + " requests to ask, " + fetching + " to fetch");

        server.commit(GIST, Map.of("run.R", "2\n"));
        later(MAX_AGE.minusNanos(1));
        assertEquals("1\n", read("run.R"), "it is not old enough");
        later(Duration.ofNanos(1));
        assertEquals("2\n", read("run.R"));
        assertEquals(1, versions());
    }

    @Test
    void aGistMayBeAskedForEachTime() throws IOException {
        gists = open(Map.of("gist.maxage", "0"), 1000);
        for (String content : List.of("1\n", "2\n", "3\n")) {
            server.commit(GIST, Map.of("run.R", content));
            assertEquals(content, read("run.R"));
        }
    }

    @Test
    void whoReadsAnOldVersionKeepsIt() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        try (Gist before = gists.open("ada", "0a1b")) {
            server.commit(GIST, Map.of("run.R", "2\n"));
            later(MAX_AGE);
            assertEquals("2\n", read("run.R"));
            assertEquals("1\n", read(before, "run.R"));
            assertEquals(2, versions());
        }
        assertEquals(1, versions(), "what nobody reads any more goes");
        assertEquals(List.of(), scratch());
    }

    @Test
    void manyFirstRequestsAreOneFetch() throws Exception {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        int one = server.requests();
        Disk.delete(data().resolve("gist"));
        gists = open(Map.of(), 1000);

        CountDownLatch together = new CountDownLatch(20);
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    return read("run.R");
                }));
            }
            for (Future<String> each : all) {
                assertEquals("1\n", each.get());
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(2 * one, server.requests());
        assertEquals(1, versions());
    }

    @Test
    void whileTheServerIsDownTheOldCopyDoes() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        server.close();
        later(MAX_AGE);
        try (Gist gist = gists.open("ada", "0a1b")) {
            assertEquals("1\n", read(gist, "run.R"));
            assertTrue(gist.problem().orElseThrow().contains("its server does not answer"), gist.problem()::toString);
        }
    }

    @Test
    void anUnknownGistOfADownServerIsNotSaidToBeMissing() {
        server.close();
        String message = failure(Why.UNREACHABLE);
        assertTrue(message.startsWith("The gist ada/0a1b cannot be fetched"), message);
    }

    @Test
    void aServerThatHangsIsGivenUpOn() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            gists = open(Map.of("gist.url", "http://127.0.0.1:" + silent.getLocalPort()), 1000);
            try (Gist gist = gists.open("ada", "0a1b")) { // after the limit for asking, 5 seconds
                assertTrue(gist.problem().orElseThrow().contains("did not come in time"), gist.problem()::toString);
            }
        }
    }

    @Test
    void whatIsNotGitIsNoAnswer() throws IOException {
        server.drip();
        failure(Why.UNREACHABLE);
    }

    @Test
    void aMissingGistIsRememberedForAWhile() throws IOException {
        assertEquals("There is no gist ada/0a1b.", unknown("ada", "0a1b"));
        int asked = server.requests();
        assertEquals("There is no gist ada/0a1b.", unknown("ada", "0a1b"));
        assertEquals(asked, server.requests());
        server.commit(GIST, Map.of("run.R", "1\n"));
        later(Duration.ofSeconds(30));
        assertEquals("1\n", read("run.R"));
    }

    @Test
    void aGistThatIsGoneGoesHereToo() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        Files.move(server.bare(GIST), root.resolve("deleted"));
        later(MAX_AGE);
        assertEquals("There is no gist ada/0a1b.", unknown("ada", "0a1b"));
        assertFalse(Files.exists(data().resolve("gist/ada")));
    }

    @Test
    void aGistThatIsClosedIsMissing() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        server.close("ada", "s3cret");
        assertEquals("There is no gist ada/0a1b.", unknown("ada", "0a1b"));
        assertEquals(List.of(), server.shown(), "no credentials are for gists");
    }

    @ParameterizedTest
    @CsvSource({"..,0a1b", "ada,..", "ada,0A1B", "a_b,0a1b", "ada,0a1b.git", "'',0a1b"})
    void whatNoGistIsCalledIsNotAskedFor(String user, String id) {
        assertTrue(unknown(user, id).startsWith("A gist is at USER/ID"));
        assertEquals(0, server.requests());
    }

    @Test
    void anEmptyGistHasNoFiles() throws IOException {
        server.work(GIST);
        assertEquals("The gist ada/0a1b has no files yet.", unknown("ada", "0a1b"));
    }

    @Test
    void aGistMayBeAsLargeAsTheSettingSays() throws IOException {
        gists = open(Map.of("gist.size", "1000000"), 1000);
        String half = "x".repeat(500_000);
        server.commit(GIST, Map.of("a.txt", half, "b.txt", half));
        assertEquals(half, read("b.txt"));
        server.commit(GIST, Map.of("a.txt", half, "b.txt", half + "\n"));
        later(MAX_AGE);
        try (Gist gist = gists.open("ada", "0a1b")) {
            assertEquals(half, read(gist, "b.txt"), "the old version stays");
            assertEquals(
                    "The gist ada/0a1b is refused: it is larger than 1000000 bytes (gist.size).",
                    gist.problem().orElseThrow());
        }
    }

    @Test
    void aGistThatIsTooLargeIsRefusedAndNotFetchedAgainAtOnce() throws IOException {
        gists = open(Map.of("gist.size", "1000"), 1000);
        server.commit(GIST, Map.of("a.txt", "x".repeat(1001)));
        String refusal = failure(Why.REFUSED);
        assertEquals("The gist ada/0a1b is refused: it is larger than 1000 bytes (gist.size).", refusal);
        int asked = server.requests();
        assertEquals(refusal, failure(Why.REFUSED));
        assertEquals(asked, server.requests());
        assertEquals(List.of(), scratch());
        assertFalse(Files.exists(data().resolve("gist/ada")));
    }

    @Test
    void aGistWithTooManyFilesIsRefused() throws IOException {
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i <= 1000; i++) {
            files.put("f" + i, "");
        }
        server.commit(GIST, files);
        assertEquals("The gist ada/0a1b is refused: it has more than 1000 files.", failure(Why.REFUSED));
    }

    @Test
    void aLinkThatLeadsOutIsRefused() throws IOException {
        server.commit(GIST, Map.of("passwd", "-> /etc/passwd"));
        String refusal = failure(Why.REFUSED);
        assertTrue(refusal.contains("a symbolic link leaves the repository: passwd -> /etc/passwd"), refusal);
    }

    @Test
    void aSubmoduleIsRefused() throws IOException {
        String commit = server.commit(GIST, Map.of("run.R", "1\n"));
        GitServer.git(server.work(GIST), "update-index", "--add", "--cacheinfo", "160000," + commit + ",sub");
        server.commitIndex(GIST);
        assertEquals("The gist ada/0a1b is refused: it has a submodule, sub.", failure(Why.REFUSED));
    }

    @Test
    void theLeastRecentlyUsedGoWhenThereAreTooMany() throws IOException {
        gists = open(Map.of(), 2);
        for (String id : List.of("a", "b", "c")) {
            server.commit(new AppName("ada", id), Map.of("run.R", id));
        }
        try (Gist a = gists.open("ada", "a")) {
            gists.open("ada", "b").close();
            gists.open("ada", "a").close();
            gists.open("ada", "c").close();
            assertFalse(Files.exists(data().resolve("gist/ada/b")));
            gists.open("ada", "b").close();
            assertEquals("a", read(a, "run.R"), "what is in use stays a while");
        }
        assertFalse(Files.exists(data().resolve("gist/ada/a")));
        gists = open(Map.of(), 1);
        assertEquals(1, Disk.list(data().resolve("gist/ada")).size(), "also after a start with another limit");
    }

    @Test
    void aRestartKeepsTheGistAndAsksWhetherItIsTheNewest() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        gists = open(Map.of(), 1000);
        server.commit(GIST, Map.of("run.R", "2\n"));
        assertEquals("2\n", read("run.R"));
        gists = open(Map.of(), 1000);
        server.close();
        assertEquals("2\n", read("run.R"), "with its server down, too");
    }

    @Test
    void whatACrashLeftIsGoneAfterTheStart() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        Path directory = data().resolve("gist/ada/0a1b");
        Files.createDirectories(directory.resolve("versions/2/files")); // moved there, but not made current
        Files.createSymbolicLink(directory.resolve("next"), Path.of("versions/2"));
        Files.createDirectories(data().resolve("gist/bob/1/versions/1/files"));
        Files.createDirectories(data().resolve("work/gists/7/git"));
        gists = open(Map.of(), 1000);
        assertEquals("1\n", read("run.R"));
        assertEquals(1, versions());
        assertFalse(Files.exists(directory.resolve("next"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
        assertFalse(Files.exists(data().resolve("gist/bob")));
        assertEquals(List.of(), scratch());
    }

    /** The power went, a disk was damaged, or somebody tidied up. */
    @ParameterizedTest
    @CsvSource({
        "rm versions/1/commit",
        "> versions/1/commit",
        "head -c 20 versions/1/commit > half; mv half versions/1/commit",
        "head -c 41 /dev/zero > versions/1/commit",
        "rm versions/1/commit; mkdir versions/1/commit",
        "rm -r versions/1/files",
        "rm -r versions/1",
        "rm current; > current",
        "rm current; ln -s versions/9 current"
    })
    void aBrokenCopyDoesNotStopTheStartAndIsFetchedAgain(String damage) throws Exception {
        AppName other = new AppName("ada", "ffff");
        server.commit(GIST, Map.of("run.R", "1\n"));
        server.commit(other, Map.of("run.R", "other\n"));
        assertEquals("1\n", read("run.R"));
        gists.open("ada", "ffff").close();
        Process shell = new ProcessBuilder("sh", "-c", damage)
                .directory(data().resolve("gist/ada/0a1b").toFile())
                .start();
        assertEquals(0, shell.waitFor());

        gists = open(Map.of(), 1000);
        assertFalse(Files.exists(data().resolve("gist/ada/0a1b")), "it is dropped at the start");
        assertEquals(List.of(), scratch());
        assertEquals("1\n", read("run.R"));
        assertEquals(1, versions());
        server.close();
        try (Gist whole = gists.open("ada", "ffff")) {
            assertEquals("other\n", read(whole, "run.R"), "the others stay");
        }
    }

    @Test
    void aCopyWhoseFilesAreGoneWhileTheServerRunsIsFetchedAgain() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        Disk.delete(data().resolve("gist/ada/0a1b/versions/1/files"));
        assertEquals("1\n", read("run.R"));
    }

    @Test
    void whatTheAdminDeletesIsFetchedAgain() throws IOException {
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
        Disk.delete(data().resolve("gist/ada"));
        assertEquals("1\n", read("run.R"));
    }

    @Test
    void aServerThatGivesOutWholeBranchesOnlyWillDo() throws IOException {
        server.giveOutWholeBranchesOnly();
        server.commit(GIST, Map.of("run.R", "1\n"));
        assertEquals("1\n", read("run.R"));
    }
}
