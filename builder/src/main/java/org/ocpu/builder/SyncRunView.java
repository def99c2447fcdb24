package org.ocpu.builder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run of a sync, for people.
 *
 * @param sync its name; {@link #ON_DEMAND} for one that requests asked for
 * @param cause why it runs: {@code schedule}, {@code admin}, {@code request}, {@code restart}
 * @param total packages to add, update or remove
 * @param bytes downloaded
 * @param problem why the run did not come to its end, such as a repository that is down
 * @param notes what is odd but no problem
 */
public record SyncRunView(
        long id,
        String sync,
        String library,
        String cause,
        SyncRunState state,
        Instant startedAt,
        Optional<Instant> endedAt,
        int total,
        int added,
        int updated,
        int removed,
        int unchanged,
        int failed,
        int skipped,
        long bytes,
        Optional<String> problem,
        List<String> notes) {
    /** No sync is configured with this name. */
    public static final String ON_DEMAND = "on-demand";

    /** How many packages are not what they were before. */
    public int changed() {
        return added + updated + removed;
    }

    /** Whether it came so far as to know what there was to do. */
    public boolean begun() {
        return total + unchanged > 0;
    }

    /** What its problem meant for it, as the end of a sentence about the run. */
    public String trouble() {
        return trouble(state.label(), begun());
    }

    /**
     * The same of a run that only its JSON tells of.
     *
     * @param state its label
     */
    public static String trouble(String state, boolean begun) {
        if (state.equals(SyncRunState.STOPPED.label())) {
            return "was interrupted";
        }
        return begun ? "could not come to its end" : "could not begin";
    }
}
