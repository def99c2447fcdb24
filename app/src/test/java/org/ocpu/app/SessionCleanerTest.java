package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCleanerTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** Of a session as it is made here: two directories, and two files of less than a block and one of two. */
    private static final long SPACE = 6 * 4_096;

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @TempDir
    Path root;

    private Path gone;
    private Instant now = NOON;
    private int made;

    @BeforeEach
    void directories() throws IOException {
        gone = Files.createDirectory(root.resolve("gone"));
        Files.createDirectory(root.resolve("sessions"));
    }

    private SessionStore store(SessionConfig config) {
        InstantSource clock = () -> now;
        return new SessionStore(root.resolve("sessions"), 26, config, null, clock);
    }

    private SessionCleaner cleaner(SessionStore store, SessionConfig config) {
        return new SessionCleaner(store, config, gone, () -> now);
    }

    private static SessionConfig config(long space) {
        return new SessionConfig(DAY, space, Long.MAX_VALUE);
    }

    /** What a call leaves. */
    private RequestDirectory call() throws IOException {
        Path made = RequestDirectory.made(root.resolve("r" + this.made++));
        RequestDirectory directory =
                new RequestDirectory(made, root.resolve("box"), UserPart.NONE, reused -> {}).withFiles();
        Files.write(directory.files().resolveSibling("R..val.rds"), new byte[5_000]);
        Files.writeString(directory.files().resolveSibling("texts.json"), "{\"stdout\":[\"some text\"]}");
        return directory;
    }

    private String keep(SessionStore store) throws IOException {
        PackageRef base = new PackageRef(Path.of("/library"), "base", "library/base", "1");
        String key = store.keep(call(), base, "identity").value();
        Files.setLastModifiedTime(directory(key), FileTime.from(now));
        return key;
    }

    private Path directory(String key) {
        return root.resolve("sessions").resolve(key.substring(0, 4)).resolve(key);
    }

    @Test
    void aSessionEndsWhenItIsAsOldAsItMayBe() throws IOException {
        SessionConfig config = config(Long.MAX_VALUE);
        SessionStore store = store(config);
        String key = keep(store);
        now = NOON.plus(DAY);
        assertEquals(Duration.ZERO, store.left(store.find(key).orElseThrow()));
        assertEquals(0, cleaner(store, config).clean());
        now = NOON.plus(DAY).plusMillis(1);
        assertTrue(store.find(key).isEmpty(), "also before it is removed");
        assertEquals(1, cleaner(store, config).clean());
        assertFalse(Files.exists(directory(key)));
        assertEmpty(gone);
    }

    @Test
    void theOldestGoUntilTheOthersFit() throws IOException {
        SessionConfig config = config(3 * SPACE);
        SessionStore store = store(config);
        List<String> keys = List.of(keep(store), minuteLater(store), minuteLater(store), minuteLater(store));
        now = NOON.plus(Duration.ofHours(2));
        String newest = keep(store);
        SessionCleaner cleaner = cleaner(store, config);
        assertEquals(2, cleaner.clean());
        assertEquals(
                List.of(false, false, true, true),
                keys.stream().map(key -> store.find(key).isPresent()).toList());
        assertTrue(store.find(newest).isPresent());
        assertEquals(0, cleaner.clean());
        assertEmpty(gone);
    }

    private String minuteLater(SessionStore store) throws IOException {
        now = now.plusSeconds(1);
        return keep(store);
    }

    @Test
    void whatWasMadeAMomentAgoStaysForWhoeverMadeIt() throws IOException {
        SessionConfig config = config(1);
        SessionStore store = store(config);
        String key = keep(store);
        SessionCleaner cleaner = cleaner(store, config);
        assertEquals(0, cleaner.clean());
        now = NOON.plus(Duration.ofMinutes(1));
        assertEquals(1, cleaner.clean());
        assertTrue(store.find(key).isEmpty());
    }

    @Test
    void whatIsInUseStaysUntilTheLastRequestIsDone() throws IOException {
        SessionConfig config = config(1);
        SessionStore store = store(config);
        String key = keep(store);
        SessionCleaner cleaner = cleaner(store, config);
        now = NOON.plus(DAY.multipliedBy(2));
        SessionUse first = store.use(List.of(key));
        SessionUse second = store.use(List.of("x", key, "x0000000000"));
        assertEquals(0, cleaner.clean());
        first.close();
        assertEquals(0, cleaner.clean());
        assertTrue(Files.isDirectory(directory(key)));
        second.close();
        assertEquals(1, cleaner.clean());
        assertFalse(Files.exists(directory(key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session.json", "R..val.rds", "texts.json"})
    void aSessionThatLostAFilesBytesToAPowerCutIsAbsent(String file) throws IOException {
        SessionConfig config = config(Long.MAX_VALUE);
        SessionStore before = store(config);
        String whole = keep(before);
        String cut = keep(before);
        String without = keep(before);
        Files.write(directory(cut).resolve(file), new byte[0]);
        Files.delete(directory(without).resolve(file));
        SessionStore after = store(config);
        assertTrue(after.find(cut).isEmpty());
        assertTrue(after.find(without).isEmpty());
        assertTrue(after.find(whole).isPresent());
        assertEquals(2, cleaner(after, config).clean());
        assertFalse(Files.exists(directory(cut)));
        assertTrue(Files.exists(directory(whole)));
    }

    @Test
    void aSessionThatIsTooLargeIsNotKept() throws IOException {
        SessionStore store = store(new SessionConfig(DAY, Long.MAX_VALUE, SPACE - 4_097));
        String message =
                assertThrows(TooLargeException.class, () -> keep(store)).getMessage();
        assertTrue(message.contains("session.size = " + (SPACE - 4_097)), message);
        assertEmpty(root.resolve("sessions"));
    }

    @Test
    void whatWasMadeOfASessionIsForgottenWithIt() throws IOException {
        SessionStore store = store(config(Long.MAX_VALUE));
        String key = keep(store);
        Reading ofSession = new Reading(
                "text", Optional.empty(), Map.of("session", directory(key).toString()), Output.of("json"));
        Reading ofPackage = new Reading("list", Optional.empty(), Map.of(), Output.of("json"));
        RenderedCache cache = new RenderedCache(gone, 10_000, 10_000);
        Rendered value = new Rendered(
                Optional.of("text/plain"), Optional.empty(), new Content.InMemory(new byte[1]), CacheState.MISS);
        cache.keep(ofSession, value);
        cache.keep(ofPackage, value);
        cache.forgetGone();
        assertTrue(cache.get(ofSession).isPresent());
        Trees.delete(directory(key));
        cache.forgetGone();
        assertTrue(cache.get(ofSession).isEmpty());
        assertTrue(cache.get(ofPackage).isPresent());
    }

    private static void assertEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(List.of(), entries.toList());
        }
    }
}
