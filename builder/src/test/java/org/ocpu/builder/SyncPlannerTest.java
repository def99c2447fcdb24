package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SyncPlannerTest {
    private static final String OLD = "0123456789abcdef0123456789abcdef";
    private static final String NEW = "fedcba9876543210fedcba9876543210";

    private final List<PackageIndex> indexes = new ArrayList<>();
    private final List<PackageIndex> binaries = new ArrayList<>();
    private final Map<String, InstalledPackage> installed = new HashMap<>();
    private final Map<String, String> global = new HashMap<>(Map.of("stats", "4.2.2", "methods", "4.2.2"));

    @Test
    void installsWhatIsWantedAfterAllItNeeds() {
        repository("aa 1.0", "aa 2.0: cc, bb (>= 1.0), stats", "bb 1.0: R (>= 4.0), methods", "cc 1: bb", "other 1.0");
        SyncPlan plan = plan("aa");
        assertEquals(List.of("bb 1.0", "cc 1.0", "aa 2.0"), items(plan));
        assertEquals(Set.of("bb", "cc"), plan.items().get(2).needs());
        assertEquals(List.of(), plan.problems());
    }

    @Test
    void takesTheHighestVersionThatThisRCanHaveOfAllRepositories() {
        repository("aa 1.0", "bb 2.0");
        repository("aa 1.5", "aa 2.0: R (>= 4.9)", "bb 2.0");
        SyncPlan plan = plan("aa", "bb");
        assertEquals(List.of("aa 1.5", "bb 2.0"), items(plan));
        assertEquals(
                "https://repo0.example/src/contrib/bb_2.0.tar.gz",
                plan.items().get(1).entry().file().toString());
    }

    @Test
    void saysWhichROneNeedsAndKeepsTheOldOne() {
        repository("aa 2.0: R (>= 4.9)", "bb 1.0: aa", "cc 1.0: aa (>= 2)");
        installed("aa 1.0");
        SyncPlan plan = plan("aa", "bb", "cc");
        assertEquals("needs R >= 4.9; this server has R 4.2.2", problems(plan).get("aa"));
        assertEquals(
                "needs aa >= 2, which needs R >= 4.9; this server has R 4.2.2",
                problems(plan).get("cc"));
        assertEquals("2.0", plan.problems().get(0).version());
        assertEquals(List.of("bb 1.0"), items(plan), "the old one will do");
        assertEquals(Set.of("aa"), plan.items().get(0).needs());
    }

    @Test
    void leavesToTheGlobalLibraryOnlyWhatSatisfiesAll() {
        global.putAll(Map.of("old", "1.0", "good", "1.0", "wanted", "9.0"));
        repository("aa 1.0: old, good, stats", "bb 1.0: old (>= 2.0)", "old 2.0", "good 2.0", "wanted 1.0", "stats 9");
        assertEquals(List.of("aa 1.0"), items(plan("aa")));
        SyncPlan both = plan("aa", "bb", "wanted", "stats");
        assertEquals(List.of("old 2.0", "aa 1.0", "bb 1.0", "wanted 1.0"), items(both));
        assertEquals(Set.of("old"), both.items().get(1).needs());
        assertEquals(List.of("stats is part of R and not kept in sync"), both.notes());
    }

    @Test
    void keepsInSyncWhatTheLibraryHasAlready() {
        global.put("bb", "1.0");
        repository("aa 1.0: bb", "bb 2.0");
        installed("bb 1.5");
        assertEquals(List.of("bb 2.0", "aa 1.0"), items(plan("aa")));
    }

    @Test
    void comparesVersionsAndSums() {
        index(binaries, "https://binary.example", "changed 1.0");
        index(
                indexes,
                "https://repo.example",
                "same 1.0 " + OLD,
                "changed 1.0 " + NEW,
                "unknown 1.0",
                "newer 1.10",
                "old 1.0");
        installed("same 1.0", "changed 1.0", "unknown 1.0", "newer 1.9");
        installed.put("old", installed("old", "1.0", "4.1", Optional.empty()));
        SyncPlan plan = planner().plan(new SyncConfig.Wanted.All());
        assertEquals(List.of("changed 1.0", "newer 1.10", "old 1.0"), items(plan));
        assertEquals(List.of("same", "unknown"), plan.unchanged());
        assertTrue(plan.items().get(0).binary().isPresent());
        assertTrue(plan.items().get(1).binary().isEmpty());
        assertEquals("1.9", plan.items().get(1).before().orElseThrow().version());
    }

    @Test
    void doesNotGoBackBehindWhatAnInstalledPackageNeeds() {
        repository("needed 1.5", "user 1.0: needed (>= 2.0)", "free 1.0");
        installed("needed 2.0", "user 1.0", "free 2.0");
        SyncPlan plan = plan("user", "needed", "free");
        assertEquals(List.of("free 1.0"), items(plan));
        assertEquals(List.of("needed", "user"), plan.unchanged());
        assertEquals(Map.of(), problems(plan));
        assertEquals(
                List.of("needed 2.0 stays: the repositories have 1.5, and user needs needed >= 2.0"), plan.notes());
        assertEquals(List.of("needed"), plan("needed").unchanged());
    }

    @Test
    void goesBackOnlyWithWhatItBrought() {
        repository("ours 1.0", "theirs 1.0");
        installed.put("ours", installed("ours", "2.0", "4.2", Optional.of("daily")));
        installed.put("theirs", installed("theirs", "2.0", "4.2", Optional.of("other")));
        SyncPlan plan = planner().plan(new SyncConfig.Wanted.Installed());
        assertEquals(List.of("ours 1.0"), items(plan));
        assertEquals(List.of("theirs"), plan.unchanged());
        assertEquals(
                List.of("theirs 2.0 stays: the repositories have 1.0, and this sync did not bring it"), plan.notes());
    }

    @Test
    void saysWhatIsMissingAndWhoNeedsIt() {
        repository(
                "aa 1.0: bb, extra",
                "bb 1.0: none",
                "extra 1.0",
                "cc 1.0: dd (>= 2.0)",
                "dd 1.5",
                "ee 1.0: stats (>= 9)");
        global.put("dd", "1.0");
        SyncPlan plan = plan("aa", "cc", "ee", "nowhere");
        Map<String, String> problems = problems(plan);
        assertEquals("is in none of the repositories https://repo0.example", problems.get("nowhere"));
        assertEquals("needs none, which is in none of the repositories https://repo0.example", problems.get("bb"));
        assertEquals("needs bb, which " + problems.get("bb"), problems.get("aa"));
        assertEquals("needs dd >= 2.0; the repositories have 1.5, this server has 1.0", problems.get("cc"));
        assertEquals("needs stats >= 9, a part of R; this server has R 4.2.2", problems.get("ee"));
        assertEquals(List.of(), items(plan), "not what only they would need");
    }

    @Test
    void namesCirclesAndGoesOnWithTheRest() {
        repository(
                "aa 1.0: bb", "bb 1.0: aa", "user 1.0: aa", "self 1.0: self", "fine 1.0", "xx 1.0: yy, fine", "yy 1.0");
        SyncPlan plan = planner().plan(new SyncConfig.Wanted.All());
        Map<String, String> problems = problems(plan);
        assertEquals("is in a circle of dependencies: aa -> bb -> aa", problems.get("aa"));
        assertEquals(problems.get("aa"), problems.get("bb"));
        assertEquals("needs aa, which is in a circle of dependencies: aa -> bb -> aa", problems.get("user"));
        assertEquals("is in a circle of dependencies: self -> self", problems.get("self"));
        assertEquals(List.of("fine 1.0", "yy 1.0", "xx 1.0"), items(plan));
    }

    @Test
    void namesTheBeginningOfAVeryLongCircle() {
        List<String> packages = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            packages.add("p%05d 1.0: p%05d".formatted(i, (i + 1) % 5_000));
        }
        repository(packages.toArray(new String[0]));
        SyncPlan plan = planner().plan(new SyncConfig.Wanted.All());
        assertEquals(5_000, plan.problems().size());
        assertTrue(plan.problems().get(9).reason().endsWith("-> p00011 -> ... -> p00000"));
    }

    @Test
    void findsWhatWasWithdrawn() {
        repository("kept 1.0: needed");
        installed("kept 1.0", "gone 1.0", "requested 1.0", "needed 1.0", "deep 1.0", "theirs 1.0");
        installed.put("requested", installed("requested", "1.0", "4.2", Optional.empty()));
        installed.put("theirs", installed("theirs", "1.0", "4.2", Optional.of("other")));
        installed.put("kept", installed("kept", "1.0", "4.2", Optional.of("daily"), "needed"));
        installed.put("needed", installed("needed", "1.0", "4.2", Optional.of("daily"), "deep"));
        SyncPlan plan = planner().plan(new SyncConfig.Wanted.Installed());
        assertEquals(List.of("gone"), plan.withdrawn());
        assertEquals(List.of("deep", "kept", "needed", "requested", "theirs"), plan.unchanged());
        assertEquals(List.of(), plan.problems());
    }

    @Test
    void saysWhatAnotherRLeftBehind() {
        repository("user 1.0: gone");
        installed.put("gone", installed("gone", "1.0", "4.1", Optional.of("other")));
        Map<String, String> problems = problems(plan("user"));
        assertEquals(
                "was installed with R 4.1 and is in none of the repositories https://repo0.example",
                problems.get("gone"));
        assertTrue(problems.get("user").startsWith("needs gone, which was installed with R 4.1"));
    }

    @Test
    void tellsWhatAnUpdateBreaks() {
        repository("aa 2.0", "strict 1.0: aa (< 2.0)");
        installed("aa 1.0", "strict 1.0");
        SyncPlan plan = plan("strict");
        assertEquals(List.of("aa 2.0"), items(plan));
        assertEquals(
                "needs aa < 2.0; the repositories have 2.0, installed is 1.0",
                problems(plan).get("strict"));
    }

    @Test
    void plansTwentyThousandPackages() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(
                    "Package: p%05d\nVersion: 1.%d\nMD5sum: %s\nDepends: R (>= 3.5.0), stats\n".formatted(i, i, OLD));
            if (i > 0) {
                text.append("Imports: p%05d (>= 1.0),\n        p%05d\n".formatted(i - 1, i / 2));
            }
            text.append("License: MIT\n\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        indexes.add(PackageIndex.read(URI.create("https://repo.example"), new ByteArrayInputStream(bytes), 1 << 30));
        SyncPlan plan = planner().plan(new SyncConfig.Wanted.All());
        assertEquals(20_000, plan.items().size());
        Set<String> done = new HashSet<>();
        for (SyncPlan.Item item : plan.items()) {
            assertTrue(done.containsAll(item.needs()), item.name());
            done.add(item.name());
            installed.put(item.name(), installed(item.name(), item.entry().version(), "4.2", Optional.of("daily")));
        }
        SyncPlan again = planner().plan(new SyncConfig.Wanted.All());
        assertEquals(List.of(), again.items());
        assertEquals(20_000, again.unchanged().size());
        assertEquals(List.of(), again.problems());
    }

    private SyncPlan plan(String... names) {
        return planner().plan(new SyncConfig.Wanted.Packages(List.of(names)));
    }

    private SyncPlanner planner() {
        return new SyncPlanner("daily", indexes, binaries, new SyncPlanner.Present(installed, global, "4.2.2"));
    }

    private static List<String> items(SyncPlan plan) {
        return plan.items().stream().map(item -> item.entry().toString()).toList();
    }

    private static Map<String, String> problems(SyncPlan plan) {
        Map<String, String> problems = new TreeMap<>();
        plan.problems().forEach(problem -> problems.put(problem.name(), problem.reason()));
        return problems;
    }

    private void repository(String... packages) {
        index(indexes, "https://repo%d.example".formatted(indexes.size()), packages);
    }

    /** @param packages such as {@code aa 1.0 MD5: b, c (>= 1.0)} */
    private static void index(List<PackageIndex> into, String url, String... packages) {
        StringBuilder text = new StringBuilder();
        for (String one : packages) {
            String[] parts = one.split(": ", 2);
            String[] head = parts[0].split(" ");
            String version = head[1].contains(".") ? head[1] : head[1] + ".0";
            text.append("Package: %s\nVersion: %s\n".formatted(head[0], version));
            text.append(head.length > 2 ? "MD5sum: " + head[2] + "\n" : "");
            text.append(parts.length > 1 ? "Imports: " + parts[1] + "\n\n" : "\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            into.add(PackageIndex.read(URI.create(url), new ByteArrayInputStream(bytes), 1 << 30));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void installed(String... packages) {
        for (String one : packages) {
            String[] parts = one.split(" ");
            installed.put(parts[0], installed(parts[0], parts[1], "4.2", Optional.of("daily")));
        }
    }

    private static InstalledPackage installed(
            String name, String version, String r, Optional<String> sync, String... needs) {
        return new InstalledPackage(name, version, Optional.of(OLD), "id", r, List.of(needs), sync, Instant.EPOCH);
    }
}
