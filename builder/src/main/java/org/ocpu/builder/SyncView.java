package org.ocpu.builder;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A sync as it is configured, and how it stands.
 *
 * @param wanted what it keeps in sync, in words
 * @param cron when it runs; absent: by hand only
 * @param nextRun when it runs next
 * @param packages how many packages its library has now
 * @param running the run that waits or runs
 * @param last the last run that ended
 */
public record SyncView(
        String name,
        String library,
        List<String> repositories,
        String wanted,
        Optional<String> cron,
        ZoneId zone,
        int parallel,
        boolean prune,
        Optional<Instant> nextRun,
        int packages,
        Optional<SyncRunView> running,
        Optional<SyncRunView> last) {}
