package org.ocpu.builder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds out what a sync has to do. One use: {@link #plan}.
 *
 * <p>It goes from what is wanted to all that belongs into the library, and decides what becomes of each; then it takes out whatever
 * would lack something, until the rest can be installed in some order.
 */
final class SyncPlanner {
    /** They come with R, in its version, and from nowhere else. */
    private static final Set<String> PART_OF_R = Set.of(
            "base",
            "compiler",
            "datasets",
            "grDevices",
            "graphics",
            "grid",
            "methods",
            "parallel",
            "splines",
            "stats",
            "stats4",
            "tcltk",
            "tools",
            "translations",
            "utils");

    private static final int LONGEST_REASON = 1_000;

    private final String sync;
    private final PackageChoice choice;
    private final Present present;
    private final Set<String> wanted = new TreeSet<>();
    private final Map<String, Lot> lots = new TreeMap<>();
    private final Map<String, String> problems = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * What a server has.
     *
     * @param installed in the library to keep in sync, by name
     * @param global versions of the packages that R has without that library, those of R itself among them
     * @param r version of R, such as {@code 4.2.2}
     */
    record Present(Map<String, InstalledPackage> installed, Map<String, String> global, String r) {
        Present {
            installed = Map.copyOf(installed);
            global = Map.copyOf(global);
        }

        private Optional<InstalledPackage> find(String name) {
            return Optional.ofNullable(installed.get(name));
        }

        /** Whether the R of today can load it. */
        private boolean isOfThisR(InstalledPackage one) {
            return r.equals(one.r()) || r.startsWith(one.r() + ".");
        }
    }

    /**
     * What becomes of a package of the library.
     *
     * @param entry what the repositories have for this R
     * @param installs whether that is to be installed
     * @param needs the packages that it needs
     */
    private record Lot(Optional<IndexEntry> entry, boolean installs, List<Requirement> needs) {
        Lot(Optional<IndexEntry> entry, boolean installs) {
            this(entry, installs, entry.map(Lot::packages).orElse(List.of()));
        }

        private static List<Requirement> packages(IndexEntry entry) {
            List<Requirement> packages = new ArrayList<>(entry.needs());
            packages.removeIf(need -> need.name().equals("R"));
            return packages;
        }
    }

    /**
     * @param sync its name
     * @param indexes of its repositories, in their order
     * @param binaries indexes of repositories of the same packages, built for this R
     */
    SyncPlanner(String sync, List<PackageIndex> indexes, List<PackageIndex> binaries, Present present) {
        this.sync = sync;
        this.choice = new PackageChoice(indexes, binaries, present.r());
        this.present = present;
        this.notes.addAll(choice.notes());
    }

    /** @param asked a task view as the {@link SyncConfig.Wanted.Packages} that it lists */
    SyncPlan plan(SyncConfig.Wanted asked) {
        want(asked);
        gather();
        keepWhatOthersNeed();
        takeOutWhatLacks(lots.keySet());
        takeOutCircles();
        Map<String, SyncPlan.Item> items = items();
        Set<String> withdrawn = withdrawn(items);
        List<SyncPlan.Problem> remaining = problems.keySet().stream()
                .filter(name -> !withdrawn.contains(name))
                .map(this::problem)
                .toList();
        List<String> unchanged = lots.keySet().stream()
                .filter(name -> present.find(name).isPresent())
                .filter(name -> !items.containsKey(name) && !problems.containsKey(name) && !withdrawn.contains(name))
                .toList();
        return new SyncPlan(
                List.copyOf(items.values()), remaining, unchanged, List.copyOf(withdrawn), List.copyOf(notes));
    }

    private void want(SyncConfig.Wanted asked) {
        if (asked instanceof SyncConfig.Wanted.Packages packages) {
            packages.names().stream()
                    .filter(PART_OF_R::contains)
                    .distinct()
                    .forEach(name -> notes.add(name + " is part of R and not kept in sync"));
            wanted.addAll(packages.names());
        } else if (asked instanceof SyncConfig.Wanted.All) {
            wanted.addAll(choice.names());
        } else if (asked instanceof SyncConfig.Wanted.Installed) {
            wanted.addAll(present.installed().keySet());
        } else {
            throw new IllegalArgumentException(asked + " is to be read first");
        }
        wanted.removeAll(PART_OF_R);
    }

    private void gather() {
        Deque<String> open = new ArrayDeque<>(wanted);
        while (!open.isEmpty()) {
            String name = open.remove();
            if (!lots.containsKey(name)) {
                Lot lot = decide(name);
                lots.put(name, lot);
                lot.needs().stream().filter(need -> !hasGlobally(need)).forEach(need -> open.add(need.name()));
            }
        }
    }

    /** Whether a need is left to the global library; what the synced library has is used, and kept in sync, in any case. */
    private boolean hasGlobally(Requirement need) {
        boolean synced = wanted.contains(need.name()) || present.installed().containsKey(need.name());
        return PART_OF_R.contains(need.name()) || (!synced && isMetGlobally(need));
    }

    private boolean isMetGlobally(Requirement need) {
        return Optional.ofNullable(present.global().get(need.name()))
                .filter(need::isMetBy)
                .isPresent();
    }

    private Lot decide(String name) {
        Optional<IndexEntry> best = choice.best(name);
        Optional<InstalledPackage> there = present.find(name);
        if (best.isPresent()) {
            return new Lot(best, there.isEmpty() || isOutdated(there.get(), best.get()));
        }
        boolean stays = there.filter(present::isOfThisR).isPresent();
        if (choice.has(name) || !stays) {
            String before = there.isPresent() && !stays
                    ? "was installed with R %s and ".formatted(there.get().r())
                    : "";
            problems.put(name, before + choice.lack(name));
        } else if (!isOurs(there.get())) {
            notes.add("%s stays: it %s".formatted(there.get(), choice.lack(name)));
        }
        return new Lot(best, false);
    }

    private boolean isOutdated(InstalledPackage there, IndexEntry best) {
        int order = PackageChoice.compare(best.version(), there.version());
        if (!present.isOfThisR(there) || order > 0) {
            return true;
        }
        if (order == 0) {
            return isOurs(there) // else two syncs would take turns with it
                    && best.md5().isPresent()
                    && there.md5().isPresent()
                    && !best.md5().get().equalsIgnoreCase(there.md5().get());
        }
        if (there.sync().filter(sync::equals).isPresent()) {
            return true;
        }
        notes.add(
                "%s stays: the repositories have %s, and this sync did not bring it".formatted(there, best.version()));
        return false;
    }

    private boolean isOurs(InstalledPackage there) {
        return there.sync().isEmpty() || there.sync().get().equals(sync);
    }

    /** A step back is not made behind the version that an installed package needs, which would no longer load. */
    private void keepWhatOthersNeed() {
        for (String dependent : new TreeSet<>(present.installed().keySet())) {
            choice.best(dependent).map(Lot::packages).orElse(List.of()).stream()
                    .filter(this::isStepBackBehind)
                    .forEach(need -> keepFor(dependent, need));
        }
    }

    private boolean isStepBackBehind(Requirement need) {
        Optional<Lot> lot = Optional.ofNullable(lots.get(need.name())).filter(Lot::installs);
        Optional<InstalledPackage> there = present.find(need.name()).filter(present::isOfThisR);
        if (lot.isEmpty() || there.isEmpty()) {
            return false;
        }
        String offered = lot.get().entry().orElseThrow().version();
        return PackageChoice.compare(offered, there.get().version()) < 0
                && !need.isMetBy(offered)
                && need.isMetBy(there.get().version());
    }

    private void keepFor(String dependent, Requirement need) {
        Optional<IndexEntry> entry = lots.get(need.name()).entry();
        lots.put(need.name(), new Lot(entry, false));
        notes.add("%s stays: the repositories have %s, and %s needs %s"
                .formatted(
                        present.find(need.name()).orElseThrow(),
                        entry.orElseThrow().version(),
                        dependent,
                        need));
    }

    /** Finds the problems of these, and then of what needs them. */
    private void takeOutWhatLacks(Iterable<String> doubtful) {
        Map<String, List<String>> dependents = dependents();
        Deque<String> open = new ArrayDeque<>();
        doubtful.forEach(open::add);
        while (!open.isEmpty()) {
            String name = open.remove();
            Optional<Requirement> unmet = problems.containsKey(name) ? Optional.empty() : unmet(name);
            if (unmet.isPresent()) {
                problems.put(name, Text.shorten(reason(unmet.get()), LONGEST_REASON));
                open.addAll(dependents.getOrDefault(name, List.of()));
            }
        }
    }

    private Map<String, List<String>> dependents() {
        Map<String, List<String>> dependents = new HashMap<>();
        lots.forEach((name, lot) -> lot.needs().forEach(need -> dependents
                .computeIfAbsent(need.name(), first -> new ArrayList<>())
                .add(name)));
        return dependents;
    }

    /** A need of what the package will be that nothing will meet. */
    private Optional<Requirement> unmet(String name) {
        Lot lot = lots.get(name);
        boolean becomesEntry = lot.installs()
                || lot.entry()
                        .map(IndexEntry::version)
                        .equals(present.find(name).map(InstalledPackage::version));
        return becomesEntry
                ? lot.needs().stream()
                        .filter(need -> found(need.name()).filter(need::isMetBy).isEmpty())
                        .findFirst()
                : Optional.empty();
    }

    /** The version that R will find in the end. */
    private Optional<String> found(String name) {
        if (willBeInstalled(name)) {
            return lots.get(name).entry().map(IndexEntry::version);
        }
        Optional<InstalledPackage> there = present.find(name);
        return there.isPresent() && !PART_OF_R.contains(name)
                ? there.filter(present::isOfThisR).map(InstalledPackage::version)
                : Optional.ofNullable(present.global().get(name));
    }

    private boolean willBeInstalled(String name) {
        return lots.containsKey(name) && lots.get(name).installs() && !problems.containsKey(name);
    }

    private String reason(Requirement need) {
        String name = need.name();
        if (PART_OF_R.contains(name)) {
            return "needs %s, a part of R; this server has R %s%s"
                    .formatted(need, present.r(), present.global().containsKey(name) ? "" : " without it");
        }
        if (problems.containsKey(name)) {
            return "needs %s, which %s".formatted(need, problems.get(name));
        }
        List<String> have = new ArrayList<>();
        choice.best(name).ifPresent(entry -> have.add("the repositories have " + entry.version()));
        present.find(name).ifPresent(there -> have.add("installed is " + there.version()));
        Optional.ofNullable(present.global().get(name)).ifPresent(version -> have.add("this server has " + version));
        return "needs %s; %s".formatted(need, String.join(", ", have));
    }

    private void takeOutCircles() {
        List<String> members = new ArrayList<>();
        for (NeedsGraph.Circle circle : new NeedsGraph(needsAmong(candidates())).circles()) {
            circle.members().forEach(name -> problems.put(name, "is in a circle of dependencies: " + circle));
            members.addAll(circle.members());
        }
        Map<String, List<String>> dependents = dependents();
        Set<String> doubtful = new TreeSet<>();
        members.forEach(name -> doubtful.addAll(dependents.getOrDefault(name, List.of())));
        takeOutWhatLacks(doubtful);
    }

    private Set<String> candidates() {
        Set<String> candidates = new TreeSet<>(lots.keySet());
        candidates.removeIf(name -> !willBeInstalled(name));
        return candidates;
    }

    private Map<String, Set<String>> needsAmong(Set<String> names) {
        Map<String, Set<String>> needs = new TreeMap<>();
        for (String name : names) {
            Set<String> among = new TreeSet<>();
            lots.get(name).needs().forEach(need -> among.add(need.name()));
            among.retainAll(names);
            needs.put(name, among);
        }
        return needs;
    }

    /** What is installed, in its order; not what would be new and only packages with problems need. */
    private Map<String, SyncPlan.Item> items() {
        Set<String> candidates = candidates();
        Set<String> used = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        for (String name : lots.keySet()) {
            boolean lives = !problems.containsKey(name);
            if (lives && (wanted.contains(name) || present.find(name).isPresent()) && used.add(name)) {
                open.add(name);
            }
        }
        while (!open.isEmpty()) {
            for (Requirement need : lots.get(open.remove()).needs()) {
                if (candidates.contains(need.name()) && used.add(need.name())) {
                    open.add(need.name());
                }
            }
        }
        candidates.retainAll(used);
        Map<String, SyncPlan.Item> items = new LinkedHashMap<>();
        for (String name : new NeedsGraph(needsAmong(candidates)).order()) {
            items.put(name, item(name, candidates));
        }
        return items;
    }

    private SyncPlan.Item item(String name, Set<String> items) {
        IndexEntry entry = lots.get(name).entry().orElseThrow();
        Set<String> needs = new TreeSet<>();
        for (Requirement need : lots.get(name).needs()) {
            boolean synced =
                    items.contains(need.name()) || present.find(need.name()).isPresent();
            if (synced && !PART_OF_R.contains(need.name())) {
                needs.add(need.name());
            }
        }
        return new SyncPlan.Item(entry, choice.binary(entry), present.find(name), needs);
    }

    private SyncPlan.Problem problem(String name) {
        String version = choice.best(name)
                .or(() -> choice.newest(name))
                .map(IndexEntry::version)
                .orElse("");
        return new SyncPlan.Problem(name, version, problems.get(name));
    }

    /** What this sync brought and no index has, unless something that stays, or comes, needs it. */
    private Set<String> withdrawn(Map<String, SyncPlan.Item> items) {
        Set<String> withdrawn = new TreeSet<>();
        present.installed().forEach((name, there) -> {
            if (there.sync().filter(sync::equals).isPresent() && !choice.has(name)) {
                withdrawn.add(name);
            }
        });
        Deque<String> open = new ArrayDeque<>(items.keySet());
        present.installed().keySet().stream()
                .filter(name -> !items.containsKey(name) && !withdrawn.contains(name))
                .forEach(open::add);
        while (!open.isEmpty()) {
            String name = open.remove();
            Iterable<String> needs = items.containsKey(name)
                    ? items.get(name).needs()
                    : present.find(name).orElseThrow().needs();
            for (String need : needs) {
                if (withdrawn.remove(need)) {
                    open.add(need);
                }
            }
        }
        return withdrawn;
    }
}
