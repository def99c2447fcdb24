package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionCensusTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String HELLO = "apps/ocpu/hello";

    @TempDir
    Path root;

    private Instant now = Instant.parse("2026-01-02T12:00:00Z");
    private int made;

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectory(root.resolve("gone"));
        Files.createDirectory(root.resolve("sessions"));
    }

    /** As after a start of the server. */
    private SessionStore store() {
        now = now.plusSeconds(1);
        return new SessionStore(root.resolve("sessions"), 26, config(), null, () -> now);
    }

    private static SessionConfig config() {
        return new SessionConfig(DAY, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private String keep(SessionStore store, String place) throws IOException {
        Path directory = RequestDirectory.made(root.resolve("r" + made++));
        RequestDirectory call =
                new RequestDirectory(directory, root.resolve("box"), UserPart.NONE, reused -> {}).withFiles();
        Files.write(call.files().resolveSibling("R..val.rds"), new byte[5_000]);
        Files.writeString(call.files().resolveSibling("texts.json"), "{\"stdout\":[\"some text\"]}");
        PackageRef hello = new PackageRef(Path.of("/library"), "hello", place, "1");
        String key = store.keep(call, hello, "greet").value();
        Files.setLastModifiedTime(directory(key), FileTime.from(now));
        return key;
    }

    private Path directory(String key) {
        return root.resolve("sessions").resolve(key.substring(0, 4)).resolve(key);
    }

    private int clean(SessionStore store) {
        return new SessionCleaner(store, config(), root.resolve("gone"), () -> now).clean();
    }

    private long onDisk(String... keys) throws IOException {
        long space = 0;
        for (String key : keys) {
            space += DiskUse.of(directory(key)).space();
        }
        return space;
    }

    @Test
    void sessionsAreCountedByWhatMadeThemWithWhatTheyTake() throws IOException {
        SessionStore store = store();
        String first = keep(store, HELLO);
        String second = keep(store, HELLO);
        String other = keep(store, "library/stats");
        assertEquals(
                List.of(
                        new SessionCount(HELLO, 2, 2, onDisk(first, second)),
                        new SessionCount("library/stats", 1, 1, onDisk(other))),
                store.census().counts());
        assertEquals(new SessionCount("apps/ada/none", 0, 0, 0), store.census().count("apps/ada/none"));
    }

    @Test
    void whatIsRemovedIsNoLongerKeptButWasMade() throws IOException {
        SessionStore store = store();
        keep(store, HELLO);
        now = now.plus(Duration.ofHours(23));
        String newer = keep(store, HELLO);
        now = now.plus(Duration.ofHours(2));
        assertEquals(1, clean(store));
        assertEquals(
                new SessionCount(HELLO, 2, 1, onDisk(newer)), store.census().count(HELLO));
    }

    @Test
    void aRestartForgetsNothing() throws IOException {
        SessionStore before = store();
        before.census().begin();
        String old = keep(before, HELLO);
        keep(before, HELLO);
        before.census().close();
        SessionStore after = store();
        assertEquals(2, after.census().count(HELLO).made());
        String fresh = keep(after, HELLO);
        now = now.plus(DAY);
        assertEquals(2, clean(after), "the old ones, which are counted before they go");
        assertEquals(
                new SessionCount(HELLO, 3, 1, onDisk(fresh)), after.census().count(HELLO));
        assertTrue(after.find(old).isEmpty());
    }

    @Test
    void gistsAreCountedByTheirOwner() throws IOException {
        SessionStore store = store();
        keep(store, "gist/ada/1234");
        keep(store, "gist/ada/5678");
        assertEquals(2, store.census().count("gist/ada").made());
        assertEquals(1, store.census().counts().size());
        now = now.plus(DAY).plusSeconds(1);
        assertEquals(2, clean(store));
        assertEquals(new SessionCount("gist/ada", 2, 0, 0), store.census().count("gist/ada"));
    }

    @Test
    void countingGoesOnFromZeroWhenItsFileIsDamaged() throws IOException {
        Files.writeString(root.resolve("sessions").resolve("made.json"), "{\"apps");
        SessionStore store = store();
        keep(store, HELLO);
        assertEquals(1, store.census().count(HELLO).made());
    }
}
