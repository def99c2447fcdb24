package org.ocpu.builder;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which waiting build runs next. Thread-safe.
 *
 * <p>Of an app one build runs at a time, and the newest that waits comes first. Owners take turns: next is who has the fewest
 * builds running, of these who was served longest ago, of these who waits longest. What waits is in the database; here is only
 * what runs, which a restart begins anew.
 */
final class BuildQueue {
    private final BuildStore store;
    private final int parallel;
    private final Set<String> apps = new HashSet<>();
    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Long> served = new HashMap<>();
    private long turn;

    BuildQueue(BuildStore store, int parallel) {
        this.store = store;
        this.parallel = parallel;
    }

    /** Takes the next build, which now runs; empty when none may. To be given back to {@link #done}. */
    synchronized Optional<Build> take() {
        List<BuildStore.Waiting> waiting = eligible().stream()
                .sorted(Comparator.comparing((BuildStore.Waiting one) -> running.getOrDefault(one.owner(), 0))
                        .thenComparing(one -> served.getOrDefault(one.owner(), 0L))
                        .thenComparing(BuildStore.Waiting::oldest))
                .toList();
        for (BuildStore.Waiting next : waiting) {
            if (store.begin(next.next())) {
                Build build = store.build(next.next()).orElseThrow();
                apps.add(next.app());
                running.merge(next.owner(), 1, Integer::sum);
                served.put(next.owner(), ++turn);
                return Optional.of(build);
            }
        }
        return Optional.empty();
    }

    /** Whether another thread could take one. */
    synchronized boolean more() {
        return !eligible().isEmpty();
    }

    /** The build does not run any more. */
    synchronized void done(Build build) {
        apps.remove(build.app().key());
        running.computeIfPresent(build.app().owner().toLowerCase(Locale.ROOT), (owner, n) -> n == 1 ? null : n - 1);
    }

    private List<BuildStore.Waiting> eligible() {
        return apps.size() >= parallel
                ? List.of()
                : store.waiting().stream()
                        .filter(one -> !apps.contains(one.app()))
                        .toList();
    }
}
