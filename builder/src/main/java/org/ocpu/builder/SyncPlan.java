package org.ocpu.builder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a sync has to do.
 *
 * @param items what to install, each after all of them that it needs
 * @param problems what cannot be had, and why
 * @param unchanged names of what stays as it is
 * @param withdrawn names of what this sync brought and the repositories no longer have
 * @param notes for people: what is odd but no problem
 */
record SyncPlan(
        List<Item> items, List<Problem> problems, List<String> unchanged, List<String> withdrawn, List<String> notes) {

    /**
     * A package to install.
     *
     * @param binary the same package built for this R, to be tried first
     * @param before what is there now
     * @param needs names of the packages of the synced library that it needs directly: each is there already or an item before this one
     */
    record Item(IndexEntry entry, Optional<IndexEntry> binary, Optional<InstalledPackage> before, Set<String> needs) {
        String name() {
            return entry.name();
        }
    }

    /** The same for people. */
    SyncPlanView view(SyncConfig sync, Map<String, InstalledPackage> installed) {
        List<SyncPlanView.Change> changes = new ArrayList<>();
        if (!sync.takesWhatItCan()) {
            problems.forEach(problem -> changes.add(problem.view("fail", installed)));
        }
        for (Item item : items) {
            changes.add(new SyncPlanView.Change(
                    item.name(),
                    item.before().isPresent() ? "update" : "add",
                    item.entry().version(),
                    item.before().map(InstalledPackage::version),
                    Optional.empty()));
        }
        for (String name : sync.prune() ? withdrawn : List.<String>of()) {
            changes.add(new SyncPlanView.Change(
                    name, "remove", "", Optional.of(installed.get(name).version()), Optional.empty()));
        }
        if (sync.takesWhatItCan()) {
            problems.forEach(problem -> changes.add(problem.view("skip", installed)));
        }
        return new SyncPlanView(
                sync.name(), sync.library(), changes, unchanged.size(), sync.prune() ? List.of() : withdrawn, notes);
    }

    /** @param version the one that cannot be had; empty when there is none at all */
    record Problem(String name, String version, String reason) {
        private SyncPlanView.Change view(String action, Map<String, InstalledPackage> installed) {
            return new SyncPlanView.Change(
                    name,
                    action,
                    version,
                    Optional.ofNullable(installed.get(name)).map(InstalledPackage::version),
                    Optional.of(reason));
        }
    }
}
