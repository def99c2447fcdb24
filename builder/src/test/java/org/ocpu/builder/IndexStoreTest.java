package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class IndexStoreTest {
    private static final String PACKED = "/src/contrib/PACKAGES.gz";
    private static final String PLAIN = "/src/contrib/PACKAGES";
    private static final String ONE = "Package: one\nVersion: 1.0\n";
    private static final String TWO = ONE + "\nPackage: two\nVersion: 2.0\n";

    @TempDir
    Path root;

    private final StopSignal stop = new StopSignal();
    private FileServer server;
    private URI repository;
    private IndexStore store;

    @BeforeEach
    void open() throws IOException {
        server = new FileServer(Files.createDirectories(root.resolve("web")));
        repository = server.url();
        store = store();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asksOnlyOnceForWhatHasNotChanged() throws IOException {
        put(PACKED, FileServer.gzip(ONE));
        assertEquals(Optional.empty(), store.kept(repository));
        store.fetch(repository, stop);
        assertTrue(store.fetch(repository, stop).has("one"));
        assertTrue(store().fetch(repository, stop).has("one"), "another run of the server");
        assertEquals(List.of(PACKED + " 200 R/4", PACKED + " 304 R/4", PACKED + " 304 R/4"), requests());
        put(PACKED, FileServer.gzip(TWO));
        assertTrue(store.fetch(repository, stop).has("two"));
        assertTrue(store().kept(repository).orElseThrow().has("two"));
        assertEquals(4, server.requests().size());
    }

    @Test
    void asksByTheDateWhereThereAreNoTags() throws IOException {
        server.trouble(PACKED, FileServer.Trouble.untagged());
        put(PACKED, FileServer.gzip(ONE));
        store.fetch(repository, stop);
        assertTrue(store().fetch(repository, stop).has("one"));
        assertEquals(List.of(PACKED + " 200 R/4", PACKED + " 304 R/4"), requests());
    }

    @Test
    void takesThePlainIndexWhereThereIsNoOther() throws IOException {
        put(PLAIN, ONE.getBytes(StandardCharsets.UTF_8));
        assertTrue(store.fetch(repository, stop).has("one"));
        store.fetch(repository, stop);
        assertEquals(List.of(PACKED + " 404 R/4", PLAIN + " 200 R/4", PLAIN + " 304 R/4"), requests());
        Files.delete(file(PLAIN));
        put(PACKED, FileServer.gzip(TWO));
        assertTrue(store.fetch(repository, stop).has("two"));
    }

    @Test
    void asksInFullWhenTheServerTellsNoValidators() throws IOException {
        server.trouble(PACKED, FileServer.Trouble.simple());
        put(PACKED, FileServer.gzip(ONE));
        store.fetch(repository, stop);
        put(PACKED, FileServer.gzip(TWO));
        assertTrue(store.fetch(repository, stop).has("two"));
    }

    @Test
    void followsRedirects() throws IOException {
        put("/mirror.gz", FileServer.gzip(ONE));
        server.redirect(PACKED, "/mirror.gz");
        assertTrue(store.fetch(repository, stop).has("one"));
    }

    @Test
    void readsARepositoryOfThisServer() throws IOException {
        Path contrib = Files.createDirectories(root.resolve("repository/src/contrib"));
        URI here = root.resolve("repository").toUri();
        assertEquals("file:…/repository/src/contrib: there is neither PACKAGES.gz nor PACKAGES (404)", failure(here));
        Files.writeString(contrib.resolve("PACKAGES"), ONE);
        assertTrue(store.fetch(here, stop).has("one"));
        Files.write(contrib.resolve("PACKAGES.gz"), FileServer.gzip(TWO));
        Files.delete(contrib.resolve("PACKAGES"));
        assertTrue(store.fetch(here, stop).has("two"));
        assertTrue(store.kept(here).orElseThrow().has("two"));
        Files.delete(contrib.resolve("PACKAGES.gz"));
        Files.createDirectory(contrib.resolve("PACKAGES.gz"));
        assertTrue(failure(here).contains("not a file"));
        assertTrue(failure(URI.create("file://elsewhere/repository")).contains("not the address of a file"));
    }

    @Test
    void keepsTheOldIndexWhateverComesInstead() throws IOException {
        put(PACKED, FileServer.gzip(ONE));
        store.fetch(repository, stop);
        byte[] two = FileServer.gzip(TWO);
        byte[] damaged = two.clone();
        damaged[damaged.length - 6] ^= 1;

        assertBad("cut off", Arrays.copyOf(two, two.length / 2));
        assertBad("damaged", damaged);
        assertBad("not compressed and begins with Package: one", TWO.getBytes(StandardCharsets.UTF_8));
        assertBad("not compressed and begins with <html>", "<html>hello</html>".getBytes(StandardCharsets.UTF_8));
        assertBad("line 1 is not one of an index of packages: <html>", FileServer.gzip("<html>hello</html>"));
        assertBad("it is empty", new byte[0]);
        assertBad("it is empty", FileServer.gzip(""));
        assertBad("it has more than 1 MB", FileServer.gzip("Package: x\n\n".repeat(200_000)));

        put(PACKED, Arrays.copyOf(two, two.length + 100));
        server.trouble(PACKED, FileServer.Trouble.truncateAfter(two.length));
        assertTrue(failure(repository)
                .contains("the answer ended after %d of %d bytes".formatted(two.length, two.length + 100)));
        server.trouble(PACKED, FileServer.Trouble.status(503));
        assertTrue(failure(repository).endsWith("the server answers 503"));
        assertKept();
        server.noTrouble(PACKED);
        Files.delete(file(PACKED));
        assertTrue(failure(repository).contains("neither PACKAGES.gz nor PACKAGES (404)"));
        assertKept();

        put(PACKED, FileServer.gzip(ONE));
        store.fetch(repository, stop);
        assertEquals(PACKED + " 304 R/4", requests().get(requests().size() - 1), "with its validators");
    }

    private void assertBad(String reason, byte[] body) throws IOException {
        put(PACKED, body);
        String failure = failure(repository);
        assertTrue(failure.startsWith(server.url() + PACKED) && failure.contains(reason), failure);
        assertKept();
    }

    private void assertKept() throws IOException {
        assertTrue(store.kept(repository).orElseThrow().has("one"));
        assertEquals(
                List.of("one"),
                List.copyOf(store().kept(repository).orElseThrow().names()));
    }

    @Test
    void asksAgainAServerThatHasTrouble() {
        server.trouble(PACKED, FileServer.Trouble.status(500));
        failure(repository);
        assertEquals(3, server.requests().size(), server.requests()::toString);
    }

    @Test
    void saysThatNobodyAnswers() {
        assertTrue(failure(URI.create("http://127.0.0.1:1"))
                .contains("127.0.0.1:1/src/contrib/PACKAGES.gz: no connection"));
        assertTrue(failure(URI.create("http://no_host")).contains("HTTP has no such address"));
        String secret = failure(URI.create("http://user:secret@127.0.0.1:1"));
        assertTrue(!secret.contains("secret"), secret);
    }

    @Test
    void waitsForBytesOnlySoLong() throws IOException {
        put(PACKED, FileServer.gzip(ONE));
        server.trouble(PACKED, FileServer.Trouble.silence());
        assertTrue(failure(repository).contains("no byte came for 300 milliseconds"));
        server.trouble(PACKED, FileServer.Trouble.stallAfter(5));
        assertTrue(failure(repository).contains("no byte came for 300 milliseconds"));
    }

    @Test
    void waitsForTheWholeOnlySoLong() throws IOException {
        put(PACKED, FileServer.gzip(ONE));
        server.trouble(PACKED, FileServer.Trouble.stallAfter(5));
        RepositoryFiles.Limits limits = new RepositoryFiles.Limits(
                Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofMillis(1), 1 << 20);
        IndexStore impatient = new IndexStore(root.resolve("other"), new RepositoryFiles("R/4", limits));
        BuildFailure failure = assertThrows(BuildFailure.class, () -> impatient.fetch(repository, stop));
        assertTrue(failure.getMessage().contains("not there after 300 milliseconds"), failure.getMessage());
    }

    @Test
    void takesNoMoreThanItMay() throws IOException {
        byte[] large = new byte[(1 << 20) + 1];
        put(PACKED, large);
        assertTrue(failure(repository).contains("it has more than 1 MB"));
    }

    @Test
    void endsWhenTheServerStopsOrTheThreadIsInterrupted() throws Exception {
        IndexStore patient =
                new IndexStore(root.resolve("other"), new RepositoryFiles("R/4", RepositoryFiles.Limits.USUAL));
        server.trouble(PACKED, FileServer.Trouble.silence());
        CompletableFuture<?> fetch = CompletableFuture.runAsync(() -> patient.fetch(repository, stop));
        server.awaitRequest(PACKED);
        stop.stop();
        CompletionException end = assertThrows(CompletionException.class, fetch::join);
        assertEquals(BuildStopped.class, end.getCause().getClass());
        assertThrows(BuildStopped.class, () -> patient.fetch(repository, stop), "before it begins");

        server.forget();
        CompletableFuture<Class<?>> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                patient.fetch(repository, new StopSignal());
                interrupted.complete(Void.class);
            } catch (BuilderException e) {
                interrupted.complete(e.getClass());
            }
        });
        thread.start();
        server.awaitRequest(PACKED);
        thread.interrupt();
        assertEquals(BuildStopped.class, interrupted.join());
    }

    @Test
    void survivesACrash() throws IOException {
        put(PACKED, FileServer.gzip(ONE));
        store.fetch(repository, stop);
        Path kept = Disk.list(root.resolve("indexes")).get(0);
        Path unfinished = Files.createFile(root.resolve("indexes/half.new"));
        assertKept();
        assertTrue(Files.notExists(unfinished));
        byte[] whole = Files.readAllBytes(kept);
        for (int length : new int[] {0, 10, whole.length - 5}) {
            Files.write(kept, Arrays.copyOf(whole, length));
            assertEquals(Optional.empty(), store().kept(repository), "damaged");
            assertTrue(store().fetch(repository, stop).has("one"), "and fetched anew");
            assertKept();
        }
    }

    /** What was asked for, what came of it, and who asked. */
    private List<String> requests() {
        return server.requests().stream()
                .map(request -> "%s %d %s".formatted(request.path(), request.status(), request.agent()))
                .toList();
    }

    private Path file(String path) {
        return root.resolve("web" + path);
    }

    /** With a date, and so a tag, that is always the same of the same bytes. */
    private void put(String path, byte[] body) throws IOException {
        Files.createDirectories(file(path).getParent());
        Files.write(file(path), body);
        long seconds = 1_000_000_000L + Math.floorMod(Arrays.hashCode(body), 100_000_000);
        Files.setLastModifiedTime(file(path), FileTime.from(seconds, TimeUnit.SECONDS));
    }

    private String failure(URI from) {
        return assertThrows(BuildFailure.class, () -> store.fetch(from, stop)).getMessage();
    }

    private IndexStore store() throws IOException {
        RepositoryFiles.Limits limits = new RepositoryFiles.Limits(
                Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofMillis(1), 1 << 20);
        return new IndexStore(root.resolve("indexes"), new RepositoryFiles("R/4", limits), 1 << 20);
    }
}
