package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncProgressTest {
    private final SyncConfig config =
            SyncConfig.all(new Settings(Map.of("sync.cran.packages", "stocks"))).get("cran");
    private final SyncProgress progress = new SyncProgress(1, config, "admin");

    @Test
    void doesNotCountTheWaitForOthersAsTimeOfAPackage() {
        progress.add("stocks", "1.0", Optional.empty());
        progress.enter("stocks", SyncPackageState.DOWNLOADING);
        Instant downloading = started();
        awaitLaterThan(downloading);
        progress.enter("stocks", SyncPackageState.INSTALLING);
        Instant installing = started();
        assertTrue(installing.isAfter(downloading), "the installation begins later than the download");
        awaitLaterThan(installing);
        progress.enter("stocks", SyncPackageState.CHECKING);
        assertEquals(installing, started(), "the check belongs to the installation");
    }

    @Test
    void countsTheNotesThatAreTooManyToBeKept() {
        progress.planned(0, List.of("one\nin two lines"));
        for (int i = 1; i < 20_000; i++) {
            progress.noteOfPackage("note " + i);
        }
        progress.note("of the run");
        List<String> notes = progress.run().notes();
        assertEquals(202, notes.size());
        assertEquals("one in two lines", notes.get(0));
        assertEquals("note 199", notes.get(199));
        assertEquals(List.of("of the run", "and 19800 more"), notes.subList(200, 202));
    }

    private Instant started() {
        return progress.find("stocks").orElseThrow().startedAt().orElseThrow();
    }

    private static void awaitLaterThan(Instant time) {
        while (!Instant.now().isAfter(time)) {
            Thread.onSpinWait();
        }
    }
}
