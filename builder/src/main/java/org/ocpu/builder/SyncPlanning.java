package org.ocpu.builder;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ocpu.app.RSystem;

/** Finds out what a sync has to do: asks its repositories and looks at its library and at R's own. */
final class SyncPlanning {
    private final IndexStore indexes;
    private final TaskView views;
    private final LibrarySnapshots library;
    private final GlobalPackages global;
    private final RSystem r;

    SyncPlanning(IndexStore indexes, TaskView views, LibrarySnapshots library, RSystem r) {
        this.indexes = indexes;
        this.views = views;
        this.library = library;
        this.global = new GlobalPackages(r.libraries());
        this.r = r;
    }

    /** @throws BuildFailure when a repository, or the task view, cannot be read */
    SyncPlan plan(SyncConfig sync, StopSignal stop) {
        List<PackageIndex> sources = fetch(sync.repositories(), stop);
        List<PackageIndex> binaries = fetch(sync.binaries(), stop);
        SyncPlanner.Present present = new SyncPlanner.Present(library.packages(), global.versions(), r.version());
        SyncConfig.Wanted wanted = wanted(sync, sources, stop);
        return new SyncPlanner(sync.name(), sources, binaries, present).plan(wanted);
    }

    /** A sync of some packages also keeps those current that requests had installed. */
    private SyncConfig.Wanted wanted(SyncConfig sync, List<PackageIndex> sources, StopSignal stop) {
        Set<String> names = new LinkedHashSet<>();
        if (sync.wanted() instanceof SyncConfig.Wanted.TaskViewAt view) {
            names.addAll(views.names(view.location(), stop));
        } else if (sync.wanted() instanceof SyncConfig.Wanted.Packages listed) {
            names.addAll(listed.names());
        } else {
            return sync.wanted();
        }
        if (!sync.asked()) {
            library.packages().values().stream()
                    .filter(one -> one.sync().isEmpty())
                    .map(InstalledPackage::name)
                    .filter(name -> sources.stream().anyMatch(source -> source.has(name)))
                    .forEach(names::add);
        }
        return new SyncConfig.Wanted.Packages(List.copyOf(names));
    }

    private List<PackageIndex> fetch(List<URI> repositories, StopSignal stop) {
        List<PackageIndex> all = new ArrayList<>();
        for (URI repository : repositories) {
            all.add(indexes.fetch(repository, stop));
        }
        return all;
    }
}
