package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the database keeps of runs. */
class SyncStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @TempDir
    Path directory;

    private final SyncConfig config =
            SyncConfig.all(new Settings(Map.of("sync.cran.packages", "stocks"))).get("cran");
    private Database database;
    private SyncStore store;

    @BeforeEach
    void open() {
        database = Database.open(directory, 3);
        store = new SyncStore(database.jdbi());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void keep(long run, String name, SyncPackageState state) {
        store.keep(
                run,
                new SyncPackageView(
                        name,
                        "1.0",
                        Optional.empty(),
                        state,
                        Optional.of("why"),
                        state == SyncPackageState.FAILED ? Optional.of("R's words") : Optional.empty(),
                        1000,
                        1000,
                        Optional.of(NOON),
                        Optional.of(NOON)));
    }

    private long tails(List<SyncPackageView> packages) {
        return packages.stream().filter(one -> one.tail().isPresent()).count();
    }

    @Test
    void keepsTheLastWordsAboutPackagesOfTheNewestRunsOnly() {
        long old = store.add(config, "admin");
        keep(old, "broken", SyncPackageState.FAILED);
        long young = store.add(config, "admin");
        keep(young, "broken", SyncPackageState.FAILED);
        store.forgetTailsBeyond("other", 0);
        store.forgetTailsBeyond("cran", 1);
        assertEquals(0, tails(store.packages(old, 10)));
        assertEquals(Optional.of("why"), store.packages(old, 10).get(0).reason(), "the rest of the report stays");
        assertEquals(1, tails(store.packages(young, 10)));
    }

    @Test
    void countsWhatAnInterruptedRunDid() {
        long run = store.add(config, "schedule");
        keep(run, "fresh", SyncPackageState.ADDED);
        keep(run, "newer", SyncPackageState.UPDATED);
        keep(run, "newest", SyncPackageState.UPDATED);
        keep(run, "gone", SyncPackageState.REMOVED);
        keep(run, "broken", SyncPackageState.FAILED);
        keep(run, "needs", SyncPackageState.SKIPPED);
        SyncRunView ended = store.endInterrupted().get(0);
        assertEquals(SyncRunState.STOPPED, ended.state());
        assertEquals(
                List.of(1, 2, 1, 1, 1, 6),
                List.of(
                        ended.added(),
                        ended.updated(),
                        ended.removed(),
                        ended.failed(),
                        ended.skipped(),
                        ended.total()));
        assertEquals(6000, ended.bytes());
        assertEquals("was interrupted", ended.trouble());
        assertEquals(List.of(), store.endInterrupted(), "it is ended once");
    }

    @Test
    void readsTheLastWordsAboutSoManyPackagesOnly() {
        long run = store.add(config, "admin");
        for (String name : List.of("e", "d", "c", "b", "a")) {
            keep(run, name, SyncPackageState.FAILED);
        }
        keep(run, "A", SyncPackageState.ADDED);
        List<SyncPackageView> packages = store.packages(run, 2);
        assertEquals(6, packages.size());
        assertEquals(
                List.of("a", "b"),
                packages.stream()
                        .filter(one -> one.tail().isPresent())
                        .map(SyncPackageView::name)
                        .toList());
    }
}
