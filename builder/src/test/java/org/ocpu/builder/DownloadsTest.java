package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ocpu.builder.FileServer.Trouble;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DownloadsTest {
    private static final String PATH = "/src/contrib/stocks_1.0.tar.gz";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final long MOST = 10 << 20;

    private final byte[] content = new byte[300_000];
    private final StopSignal stop = new StopSignal();

    @TempDir
    Path root;

    private Path served;
    private Path kept;
    private FileServer web;

    @BeforeEach
    void serve() throws IOException {
        new Random(5).nextBytes(content);
        served = root.resolve("web" + PATH);
        Files.createDirectories(served.getParent());
        Files.write(served, content);
        Files.setLastModifiedTime(served, FileTime.from(Instant.now().minusSeconds(3_600)));
        kept = root.resolve("downloads");
        web = new FileServer(root.resolve("web"));
    }

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void fetchesAFileOnceAndTellsHowFarItIs() throws IOException {
        List<Long> heard = Collections.synchronizedList(new ArrayList<>());
        Downloads downloads = new Downloads(kept, "R/4.2.2 test");
        Path file = downloads.get(
                entry(),
                MOST,
                (bytes, size) -> {
                    assertEquals(content.length, size);
                    heard.add(bytes);
                },
                stop);
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(kept.resolve("stocks_1.0-" + md5().substring(0, 12) + ".tar.gz"), file);
        assertEquals(List.of(file), Disk.list(kept), "nothing else is left");
        assertEquals(content.length, heard.get(heard.size() - 1));
        assertTrue(heard.size() > 3, heard::toString);
        assertEquals(heard.stream().sorted().toList(), heard);
        assertEquals("R/4.2.2 test", web.requests().get(0).agent());

        heard.clear();
        assertEquals(file, downloads.get(entry(), MOST, (bytes, size) -> heard.add(bytes), stop));
        assertEquals(1, web.count(PATH), "what is there costs no request");
        assertEquals(List.of(), heard, "and is not downloaded");
    }

    @Test
    void fetchesAgainWhatWasDamagedOnTheDisk() throws IOException {
        Path file = get(quick(), entry());
        Files.writeString(file, "damaged");
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(2, web.count(PATH, 200));
    }

    @Test
    void goesOnWhereTheLastTryEnded() throws IOException {
        web.trouble(PATH, 1, Trouble.truncateAfter(100_000));
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(1, web.count(PATH, 206));
        assertEquals(Optional.of("bytes=100000-"), web.requests().get(1).range());
    }

    @Test
    void goesOnAfterAStopAndByItsDateWhenThereIsNoTag() throws Exception {
        web.trouble(PATH, 1, Trouble.stallAfter(100_000));
        stopAfter(100_000);
        Path part = kept.resolve(quick().file(entry()).getFileName() + ".part");
        assertEquals(100_000, Files.size(part));
        Path validator = kept.resolve(quick().file(entry()).getFileName() + ".validator");
        Files.writeString(validator, address() + "\n" + FileServer.modified(served) + "\n");

        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(1, web.count(PATH, 206));
        assertEquals(1, Disk.list(kept).size(), "part and validator are gone");
    }

    @Test
    void beginsAnewWhenTheFileHasChangedSinceItsFirstPart() throws IOException {
        web.trouble(PATH, 1, Trouble.truncateAfter(100_000));
        assertThrows(BuildFailure.class, () -> get(downloads(LONG, List.of()), entry()));
        new Random(6).nextBytes(content);
        Files.write(served, content);
        IndexEntry changed = entry();
        // the same file's part as a crash and a new index could leave it
        for (Path left : Disk.list(kept)) {
            String name = left.getFileName().toString();
            Files.move(left, kept.resolve(name.replaceFirst("-[0-9a-f]{12}", "-" + md5().substring(0, 12))));
        }
        assertArrayEquals(content, Files.readAllBytes(get(quick(), changed)));
        assertEquals(Optional.of("bytes=100000-"), web.requests().get(1).range());
        assertEquals(2, web.count(PATH, 200));
    }

    @Test
    void beginsAnewWhenTheServerKnowsNoParts() throws IOException {
        web.trouble(PATH, 1, Trouble.truncateAfter(100_000));
        assertThrows(BuildFailure.class, () -> get(downloads(LONG, List.of()), entry()));
        web.trouble(PATH, Trouble.simple());
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
    }

    @Test
    void beginsAnewWhenThePartIsLongerThanTheFile() throws IOException {
        web.trouble(PATH, 1, Trouble.truncateAfter(100_000));
        assertThrows(BuildFailure.class, () -> get(downloads(LONG, List.of()), entry()));
        Path part = kept.resolve(quick().file(entry()).getFileName() + ".part");
        Files.write(part, new byte[400_000]);
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(1, web.count(PATH, 416));
    }

    @Test
    void needsNoRequestWhenACrashLeftAllOfIt() throws IOException {
        Files.createDirectories(kept);
        Files.write(kept.resolve(quick().file(entry()).getFileName() + ".part"), content);
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(List.of(), web.requests());
    }

    @Test
    void doesNotTrustAPartThatACrashMayHaveDamaged() throws IOException {
        web.trouble(PATH, 1, Trouble.truncateAfter(100_000));
        assertThrows(BuildFailure.class, () -> get(downloads(LONG, List.of()), entry()));
        Path part = kept.resolve(quick().file(entry()).getFileName() + ".part");
        Files.write(part, new byte[100_000]);
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(1, web.count(PATH, 206), "that one was wrong as a whole");
    }

    @Test
    void keepsSourcesAndBuiltPackagesApartWhenTheIndexHasNoMd5() throws IOException {
        IndexEntry source = entry(Optional.empty(), directory());
        IndexEntry built = entry(Optional.empty(), URI.create(web.url() + "/built"));
        Files.createDirectories(root.resolve("web/built"));
        Files.writeString(root.resolve("web/built/stocks_1.0.tar.gz"), "built");
        assertArrayEquals(content, Files.readAllBytes(get(quick(), source)));
        assertEquals("built", Files.readString(get(quick(), built)));
        assertTrue(quick().file(source).toString().contains("unverified"));
        get(quick(), source);
        assertEquals(1, web.count(PATH));

        Files.delete(quick().file(source));
        Files.writeString(kept.resolve(quick().file(source).getFileName() + ".part"), "left by a crash");
        assertArrayEquals(content, Files.readAllBytes(get(quick(), source)));
    }

    @Test
    void triesOnceMoreWhenTheMd5IsWrong() throws IOException {
        web.trouble(PATH, 1, Trouble.wrongBytes());
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(2, web.count(PATH, 200));
    }

    @Test
    void failsAndKeepsNothingWhenTheMd5StaysWrong() {
        String other = "0".repeat(32);
        String reason = failure(quick(), entry(Optional.of(other), directory()));
        assertEquals(
                "stocks 1.0 from %s has another MD5 (%s) than the index says (%s)".formatted(address(), md5(), other),
                reason);
        assertEquals(2, web.count(PATH));
        assertEquals(List.of(), Disk.list(kept));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429, 408})
    void triesAgainAfterAnAnswerThatMayBeAnotherOneLater(int status) throws IOException {
        web.trouble(PATH, 2, Trouble.status(status));
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
        assertEquals(2, web.count(PATH, status));
    }

    @Test
    void givesUpAfterTheLastPause() {
        web.trouble(PATH, Trouble.status(503));
        String reason = failure(quick(), entry());
        assertEquals(
                "stocks 1.0 cannot be fetched from %s: the server answered 503 (tried 4 times)".formatted(address()),
                reason);
        assertEquals(4, web.count(PATH, 503));
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 410, 401})
    void failsAtOnceAfterAnAnswerThatStays(int status) {
        web.trouble(PATH, Trouble.status(status));
        String reason = failure(patient(), entry());
        assertTrue(reason.endsWith("the server answered " + status), reason);
        assertEquals(1, web.count(PATH));
    }

    @Test
    void triesAgainWhenTheServerHangsUp() throws IOException {
        web.trouble(PATH, 3, Trouble.hangUp());
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
    }

    @Test
    void saysHowMuchCameOfAFileThatIsCutOff() {
        web.trouble(PATH, Trouble.truncateAfter(0));
        String reason = failure(quick(), entry());
        assertTrue(
                reason.endsWith("the answer ended after 0 of %d bytes (tried 4 times)".formatted(content.length)),
                reason);
    }

    @Test
    void saysThatTheServerIsDown() {
        IndexEntry entry = entry();
        web.down();
        String reason = failure(quick(), entry);
        assertTrue(reason.endsWith("no connection (tried 4 times)"), reason);
    }

    @Test
    void saysThatThereIsNoSuchHost() {
        String reason =
                failure(quick(), entry(Optional.of(md5()), URI.create("http://nosuchhost.invalid/src/contrib")));
        assertTrue(reason.endsWith("there is no such host (tried 4 times)"), reason);
    }

    @Test
    void triesAgainWhenTheServerFallsSilentWithinTheFile() throws IOException {
        web.trouble(PATH, 1, Trouble.stallAfter(100_000));
        assertArrayEquals(content, Files.readAllBytes(get(silenceAfter(Duration.ofMillis(300)), entry())));
        assertEquals(1, web.count(PATH, 206));
    }

    @Test
    void givesUpOnAServerThatNeverAnswers() {
        web.trouble(PATH, Trouble.silence());
        String reason = failure(silenceAfter(Duration.ofSeconds(1)), entry());
        assertTrue(reason.endsWith("nothing came for 1 seconds (tried 2 times)"), reason);
    }

    @Test
    void givesUpOnAServerThatIsTooSlowAsAWhole() {
        web.trouble(PATH, Trouble.slow(100));
        Downloads downloads =
                new Downloads(kept, "test", new Downloads.Times(LONG, LONG, Duration.ofMillis(500), List.of()));
        String reason = failure(downloads, entry());
        assertTrue(reason.contains("it took longer than"), reason);
    }

    @Test
    void endsAtOnceWhenItIsToStop() throws Exception {
        web.trouble(PATH, Trouble.stallAfter(100_000));
        stopAfter(100_000);
        stop.stop();
        assertThrows(BuildStopped.class, () -> get(quick(), entry()), "and begins nothing more");
        assertEquals(1, web.count(PATH));
    }

    @Test
    void endsAtOnceWhenItIsToStopBeforeTheAnswer() throws Exception {
        web.trouble(PATH, Trouble.silence());
        CompletableFuture<Path> fetching = CompletableFuture.supplyAsync(() -> get(patient(), entry()));
        web.awaitStall();
        stop.stop();
        assertEquals(BuildStopped.class, failureOf(fetching).getClass());
    }

    @Test
    void endsAtOnceWhenItIsToStopInAPause() throws Exception {
        web.trouble(PATH, Trouble.status(500));
        CompletableFuture<Path> fetching = CompletableFuture.supplyAsync(() -> get(patient(), entry()));
        web.awaitRequest(PATH);
        stop.stop();
        assertEquals(BuildStopped.class, failureOf(fetching).getClass());
        assertEquals(1, web.count(PATH));
    }

    @Test
    void refusesAFileThatIsTooLargeBeforeItComes() {
        String reason = assertThrows(BuildFailure.class, () -> quick().get(entry(), 100 << 10, this::nobody, stop))
                .getMessage();
        assertTrue(reason.endsWith("it has more than the 100 KB that are allowed"), reason);
        assertEquals(1, web.count(PATH));
        assertEquals(List.of(), Disk.list(kept));
    }

    @Test
    void refusesAFileThatIsTooLargeWhileItComes() {
        web.trouble(PATH, Trouble.unsized());
        String reason = assertThrows(BuildFailure.class, () -> quick().get(entry(), 100 << 10, this::nobody, stop))
                .getMessage();
        assertTrue(reason.contains("more than the 100 KB"), reason);
        assertEquals(List.of(), Disk.list(kept));
    }

    @Test
    void fetchesAFileWhoseSizeTheServerDoesNotTell() throws IOException {
        web.trouble(PATH, Trouble.unsized());
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry())));
    }

    @Test
    void followsRedirects() throws IOException {
        web.redirect("/old/stocks_1.0.tar.gz", PATH);
        assertArrayEquals(
                content, Files.readAllBytes(get(quick(), entry(Optional.of(md5()), URI.create(web.url() + "/old")))));
    }

    @Test
    void doesNotRunInACircleOfRedirects() {
        web.redirect(PATH, PATH);
        String reason = failure(quick(), entry());
        assertTrue(reason.contains("the server answered 302"), reason);
    }

    @Test
    void copiesFromADirectory() throws IOException {
        IndexEntry entry = entry(Optional.of(md5()), URI.create("file://" + served.getParent()));
        assertArrayEquals(content, Files.readAllBytes(get(quick(), entry)));
        assertEquals(List.of(), web.requests());
        Files.delete(get(quick(), entry));
        Files.delete(served);
        String reason = failure(quick(), entry);
        assertTrue(reason.endsWith("there is no such file"), reason);
    }

    @Test
    void refusesAFileOfADirectoryThatIsTooLarge() {
        IndexEntry entry = entry(Optional.of(md5()), URI.create("file://" + served.getParent()));
        String reason = assertThrows(BuildFailure.class, () -> quick().get(entry, 1_000, this::nobody, stop))
                .getMessage();
        assertTrue(reason.contains("it has more than the 1000 bytes"), reason);
    }

    @Test
    void refusesAddressesThatLeadNowhere() {
        String reason = failure(quick(), entry(Optional.of(md5()), URI.create("gopher://example.org/src")));
        assertTrue(reason.endsWith("HTTP has no such address"), reason);
        reason = failure(quick(), entry(Optional.of(md5()), URI.create("file://elsewhere/src")));
        assertTrue(reason.endsWith("it cannot be read"), reason);
    }

    @Test
    void refusesAnIndexThatCouldLeadOutOfTheDirectory() {
        for (String name : List.of("../stocks", "a/b", "..", "", "a b", "x".repeat(300))) {
            IndexEntry entry = new IndexEntry(name, "1.0", Optional.of(md5()), directory(), List.of());
            String reason = failure(quick(), entry);
            assertTrue(reason.startsWith("not the name and version of a package"), reason);
        }
        String reason = failure(quick(), entry(Optional.of("../../x"), directory()));
        assertTrue(reason.contains("the index has no MD5: ../../x"), reason);
    }

    @Test
    void fetchesOnceWhatTwoWantAtATime() throws Exception {
        web.trouble(PATH, 1, Trouble.slow(5));
        Downloads downloads = quick();
        CompletableFuture<Path> one = CompletableFuture.supplyAsync(() -> get(downloads, entry()));
        CompletableFuture<Path> two = CompletableFuture.supplyAsync(() -> get(downloads, entry()));
        assertEquals(one.get(), two.get());
        assertArrayEquals(content, Files.readAllBytes(one.get()));
        assertEquals(1, web.count(PATH));
    }

    @Test
    void dropsWhatIsNoLongerWanted() throws Exception {
        Path wanted = get(quick(), entry());
        Files.copy(wanted, kept.resolve("bonds_1.0-unverified.tar.gz"));
        Files.writeString(kept.resolve("bonds_2.0-0123456789ab.tar.gz.part"), "x");
        Files.writeString(kept.resolve("bonds_2.0-0123456789ab.tar.gz.validator"), "x");
        Path later = kept.resolve("shares_1.0-0123456789ab.tar.gz");
        Path part = Files.writeString(kept.resolve(later.getFileName() + ".part"), "x");
        quick().keepOnly(Set.of(wanted, later));
        assertEquals(List.of(part, wanted), Disk.list(kept));
        quick().keepOnly(Set.of());
        assertEquals(List.of(), Disk.list(kept));
    }

    @Test
    void doesNotDropWhatIsBeingFetched() throws Exception {
        web.trouble(PATH, Trouble.stallAfter(100_000));
        Downloads downloads = patient();
        CompletableFuture<Path> fetching = CompletableFuture.supplyAsync(() -> get(downloads, entry()));
        web.awaitStall();
        downloads.keepOnly(Set.of());
        assertFalse(Disk.list(kept).isEmpty());
        stop.stop();
        failureOf(fetching);
    }

    /** Stops when so many bytes have arrived of an answer that stalls then. */
    private void stopAfter(long arriving) throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        StopSignal here = new StopSignal();
        CompletableFuture<Path> fetching = CompletableFuture.supplyAsync(() -> patient()
                .get(
                        entry(),
                        MOST,
                        (bytes, size) -> {
                            if (bytes == arriving) {
                                arrived.complete(null);
                            }
                        },
                        here));
        arrived.get();
        here.stop();
        assertEquals(BuildStopped.class, failureOf(fetching).getClass());
    }

    private static Throwable failureOf(CompletableFuture<Path> fetching) {
        return assertThrows(CompletionException.class, fetching::join).getCause();
    }

    private String failure(Downloads downloads, IndexEntry entry) {
        return assertThrows(BuildFailure.class, () -> get(downloads, entry)).getMessage();
    }

    private Path get(Downloads downloads, IndexEntry entry) {
        return downloads.get(entry, MOST, this::nobody, stop);
    }

    private void nobody(long bytes, long size) {}

    private Downloads quick() {
        return downloads(LONG, List.of(SHORT, SHORT, SHORT));
    }

    private Downloads patient() {
        return downloads(LONG, List.of(LONG));
    }

    private Downloads silenceAfter(Duration silence) {
        return downloads(silence, List.of(SHORT));
    }

    private Downloads downloads(Duration silence, List<Duration> pauses) {
        return new Downloads(kept, "test", new Downloads.Times(LONG, silence, LONG, pauses));
    }

    private IndexEntry entry() {
        return entry(Optional.of(md5()), directory());
    }

    private static IndexEntry entry(Optional<String> md5, URI directory) {
        return new IndexEntry("stocks", "1.0", md5, directory, List.of());
    }

    private URI directory() {
        return URI.create(web.url() + "/src/contrib");
    }

    private String address() {
        return web.url() + PATH;
    }

    private String md5() {
        return Md5.hex(Md5.digest().digest(Arrays.copyOf(content, content.length)));
    }
}
