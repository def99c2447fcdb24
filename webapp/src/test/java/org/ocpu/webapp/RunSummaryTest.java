package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ocpu.webapp.TestSyncs.one;
import static org.ocpu.webapp.TestSyncs.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.SyncPackageState;
import org.ocpu.builder.SyncPackageView;
import org.ocpu.builder.SyncRunState;
import org.ocpu.builder.SyncRunView;

/** What {@code ./ocpu sync} says at the end of a run. */
class RunSummaryTest {
    private static final List<SyncPackageView> UPDATED =
            List.of(one("newer", SyncPackageState.UPDATED, Optional.empty()));

    private static List<String> lines(SyncRunView run) {
        return new RunSummary(new ObjectMapper().valueToTree(SyncJson.of(run))).lines();
    }

    @Test
    void aRunThatCameToItsEndIsToldInCounts() {
        assertEquals(
                List.of("cran: succeeded, 1 updated, 300 unchanged; 3.2 MB downloaded in 1 min 15 s"),
                lines(run(SyncRunState.SUCCEEDED, UPDATED, Optional.empty())));
    }

    @Test
    void aRunThatFailedInItsMiddleTellsWhatItDidBefore() {
        assertEquals(
                List.of(
                        "cran could not come to its end: the disk is full",
                        "cran: failed, 1 updated, 300 unchanged; 3.2 MB downloaded in 1 min 15 s"),
                lines(run(SyncRunState.FAILED, UPDATED, Optional.of("the disk is full"))));
        assertEquals(
                "cran was interrupted: the server ended",
                lines(run(SyncRunState.STOPPED, UPDATED, Optional.of("the server ended")))
                        .get(0));
    }

    @Test
    void aRunThatCouldNotBeginOnlySaysWhy() {
        assertEquals(
                List.of("cran could not begin: no index"), lines(TestSyncs.notBegun(SyncRunState.FAILED, "no index")));
    }
}
