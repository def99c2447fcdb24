package org.ocpu.webapp;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.ocpu.builder.SyncPackageState;
import org.ocpu.builder.SyncPackageView;
import org.ocpu.builder.SyncRunState;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.SyncView;

/** Syncs and their runs as the builder tells of them, for tests of what is shown of them. */
final class TestSyncs {
    static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private TestSyncs() {}

    static SyncView sync(String name, String wanted, Optional<SyncRunView> running, Optional<SyncRunView> last) {
        return new SyncView(
                name,
                "cran",
                List.of("https://cran.example.org"),
                wanted,
                Optional.of("0 0 3 * * ?"),
                ZoneId.of("Europe/Amsterdam"),
                2,
                false,
                Optional.of(NOON.plusSeconds(14 * 3600)),
                312,
                running,
                last);
    }

    static SyncRunView run(SyncRunState state, List<SyncPackageView> packages, Optional<String> problem) {
        return run(state, packages, 300, problem);
    }

    /** A run that never came to know what there was to do. */
    static SyncRunView notBegun(SyncRunState state, String problem) {
        return run(state, List.of(), 0, Optional.of(problem));
    }

    private static SyncRunView run(
            SyncRunState state, List<SyncPackageView> packages, int unchanged, Optional<String> problem) {
        return new SyncRunView(
                7,
                "cran",
                "cran",
                "schedule",
                state,
                NOON,
                state.finished() ? Optional.of(NOON.plusSeconds(75)) : Optional.empty(),
                packages.size(),
                count(packages, SyncPackageState.ADDED),
                count(packages, SyncPackageState.UPDATED),
                count(packages, SyncPackageState.REMOVED),
                unchanged,
                count(packages, SyncPackageState.FAILED),
                count(packages, SyncPackageState.SKIPPED),
                3_400_000,
                problem,
                List.of());
    }

    private static int count(List<SyncPackageView> packages, SyncPackageState state) {
        return (int) packages.stream().filter(one -> one.state() == state).count();
    }

    /** @param words why, and R's last words */
    static SyncPackageView one(String name, SyncPackageState state, Optional<String> words) {
        return new SyncPackageView(
                name,
                "1.1",
                state == SyncPackageState.ADDED ? Optional.empty() : Optional.of("1.0"),
                state,
                words,
                words,
                2000,
                500,
                Optional.of(NOON),
                state.finished() ? Optional.of(NOON.plusSeconds(3)) : Optional.empty());
    }
}
