package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.ocpu.app.DaemonThreads;
import org.ocpu.app.DiskReserve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a sync: asks the repositories once, and brings each package in line with what they say, one independent of the other
 * except that each comes after all that it needs. One use: {@link #call}.
 *
 * <p>A package goes live as soon as it loads, so the run may end at any moment; what it has downloaded stays for the next one.
 */
final class SyncRun {
    private static final Logger log = LoggerFactory.getLogger(SyncRun.class);
    private static final int DOWNLOADS = 4;
    private static final int AHEAD = 16;
    private static final int FEW = 5;

    private final Means means;
    private final SyncConfig config;
    private final SyncProgress progress;
    private final StopSignal stop;
    private final Path work;
    private final PackageFiles files;
    private final Limits limits;

    /** Why packages are not in place; nothing for those that are. */
    private final Map<String, CompletableFuture<Optional<String>>> ends = new HashMap<>();

    /** Complete when what is in place has gone live, or failed to. */
    private final Queue<CompletableFuture<Void>> lives = new ConcurrentLinkedQueue<>();

    /** Packages that are downloaded and not installed yet, or about to be, in the order of the plan. */
    private final Semaphore ahead;

    /** What all runs of a library share. */
    record Means(SyncInstaller.Means installing, SyncPlanning planning, SyncStore store, DiskReserve reserve) {
        LibrarySnapshots library() {
            return installing.library();
        }
    }

    /**
     * What a run may do.
     *
     * @param bytes downloaded in all
     * @param packages that requests have had installed when it is done
     */
    record Limits(long bytes, int packages) {
        static final Limits NONE = new Limits(Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * Directories of a run.
     *
     * @param work for it alone, not there yet
     * @param downloads where the runs of its sync keep files they have not installed yet
     */
    record Places(Path work, Path downloads) {}

    SyncRun(Means means, SyncProgress progress, StopSignal stop, Places places, Limits limits) {
        this.means = means;
        this.config = progress.config();
        this.progress = progress;
        this.stop = stop;
        this.work = places.work();
        this.limits = limits;
        this.files = new PackageFiles(progress, means.installing().r(), places.downloads(), stop, limits.bytes());
        this.ahead = new Semaphore(AHEAD + config.parallel(), true);
    }

    /** Runs it, and says how it ended. */
    SyncRunState call() {
        progress.begin();
        means.store().keep(progress.run());
        try {
            requireDisk();
            SyncPlan plan = means.planning().plan(config, stop);
            requireRoom(plan);
            announce(plan);
            installAll(plan.items());
            stop.check();
            prune(plan.withdrawn());
            files.keepOnly(plan);
        } catch (BuildStopped e) {
            return SyncRunState.STOPPED;
        } catch (BuildFailure e) {
            progress.problem(e.getMessage());
        } catch (IOException | RuntimeException e) {
            log.error("run {} of the sync {} failed", progress.id(), config.name(), e);
            progress.problem("an error of this server; its log tells more under run " + progress.id());
        } finally {
            Disk.delete(work);
        }
        SyncRunView run = progress.run();
        boolean whole = run.problem().isEmpty()
                && run.failed() == 0
                && (run.skipped() == 0 || config.takesWhatItCan()); // else something it needs has failed
        return whole ? SyncRunState.SUCCEEDED : SyncRunState.FAILED;
    }

    /** Asked when it is its turn, since runs before it may have taken the room. */
    private void requireRoom(SyncPlan plan) {
        long more =
                plan.items().stream().filter(item -> item.before().isEmpty()).count();
        long free = Math.max(0, limits.packages() - means.library().asked());
        if (config.asked() && more > free) {
            progress.full();
            throw new BuildFailure(
                    "%d packages would have to be installed, and requests may have only %d more installed (%s.ondemand.packages: %d)"
                            .formatted(more, free, config.library(), limits.packages()));
        }
    }

    private void announce(SyncPlan plan) {
        progress.planned(plan.unchanged().size(), plan.notes());
        Map<String, InstalledPackage> installed = means.library().packages();
        SyncPackageState how = config.takesWhatItCan() ? SyncPackageState.SKIPPED : SyncPackageState.FAILED;
        for (SyncPlan.Problem problem : plan.problems()) {
            String name = problem.name();
            progress.add(name, problem.version(), Optional.ofNullable(installed.get(name)));
            end(name, how, Optional.of(problem.reason()), Optional.empty());
        }
        for (SyncPlan.Item item : plan.items()) {
            progress.add(item.name(), item.entry().version(), item.before());
        }
        if (!config.prune() && !plan.withdrawn().isEmpty()) {
            progress.note("no longer in the repositories, and kept (sync.%s.prune): %s"
                    .formatted(config.name(), String.join(", ", plan.withdrawn())));
        }
    }

    private void installAll(List<SyncPlan.Item> items) {
        boolean limited = limits.bytes() < Long.MAX_VALUE;
        ExecutorService downloading = Executors.newFixedThreadPool(limited ? 1 : DOWNLOADS, threads("download"));
        ExecutorService installing = Executors.newFixedThreadPool(config.parallel(), threads("install"));
        try {
            for (SyncPlan.Item item : items) {
                List<CompletableFuture<?>> before = new ArrayList<>();
                item.needs().stream().map(ends::get).filter(Objects::nonNull).forEach(before::add);
                CompletableFuture<PackageFiles.Fetched> file =
                        CompletableFuture.supplyAsync(() -> fetch(item), downloading);
                before.add(file.handle((fetched, failure) -> Optional.empty()));
                ends.put(
                        item.name(),
                        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
                                .handleAsync((ready, failure) -> install(item, file), installing));
            }
            CompletableFuture.allOf(ends.values().toArray(CompletableFuture[]::new))
                    .join();
            means.library().flush();
            CompletableFuture.allOf(lives.toArray(CompletableFuture[]::new)).join();
        } finally {
            downloading.shutdown();
            installing.shutdown();
        }
    }

    private PackageFiles.Fetched fetch(SyncPlan.Item item) {
        ahead.acquireUninterruptibly(); // given back when the package has ended, which a stop makes happen soon
        stop.check();
        requireDisk();
        progress.enter(item.name(), SyncPackageState.DOWNLOADING);
        return files.fetch(item);
    }

    private void requireDisk() {
        if (means.reserve().reached(work.getParent())) {
            throw new BuildFailure("the disk of this server is nearly full: nothing is installed");
        }
    }

    private ThreadFactory threads(String what) {
        return DaemonThreads.named("sync-%s-%s".formatted(config.name(), what));
    }

    /** Why it is not in place now; nothing when it is, to go live soon. */
    private Optional<String> install(SyncPlan.Item item, CompletableFuture<PackageFiles.Fetched> file) {
        InstallationLog said = new InstallationLog();
        try {
            stop.check();
            requireNeeds(item);
            requireDisk();
            PackageFiles.Fetched fetched = file.join();
            lives.add(place(item, fetched, said).handle((live, failure) -> {
                settle(item, fetched, said, Optional.ofNullable(failure));
                return null;
            }));
            return Optional.empty();
        } catch (Skipped e) {
            return missing(item, SyncPackageState.SKIPPED, e.getMessage(), said);
        } catch (IOException | RuntimeException | Error e) {
            return missing(item, e, said);
        } finally {
            ahead.release();
        }
    }

    /** Where a binary does not work, the source is installed. */
    private CompletableFuture<Void> place(SyncPlan.Item item, PackageFiles.Fetched fetched, InstallationLog said)
            throws IOException {
        try {
            requireSystem(fetched.content());
            return install(item, fetched, said);
        } catch (BuildFailure e) {
            if (!fetched.binary()) {
                throw e;
            }
            files.notUsed(item, e.getMessage());
            PackageFiles.Fetched source = files.source(item);
            requireSystem(source.content());
            return install(item, source, said);
        }
    }

    private void settle(
            SyncPlan.Item item, PackageFiles.Fetched fetched, InstallationLog said, Optional<Throwable> failure) {
        if (failure.isPresent()) {
            missing(item, failure.get(), said);
            return;
        }
        Disk.delete(fetched.file());
        SyncPackageState how = item.before().isPresent() ? SyncPackageState.UPDATED : SyncPackageState.ADDED;
        end(item.name(), how, Optional.empty(), Optional.empty());
    }

    private Optional<String> missing(SyncPlan.Item item, Throwable failure, InstallationLog said) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BuildStopped) {
            return missing(item, SyncPackageState.SKIPPED, "the run was stopped before", said);
        }
        if (cause instanceof BuildFailure) {
            return missing(item, SyncPackageState.FAILED, cause.getMessage(), said);
        }
        log.error("{} of run {} failed", item.entry(), progress.id(), cause);
        String reason = means.reserve().reached(work.getParent())
                ? "the disk of this server is full"
                : "an error of this server; its log tells more under run " + progress.id();
        return missing(item, SyncPackageState.FAILED, reason, said);
    }

    private Optional<String> missing(SyncPlan.Item item, SyncPackageState how, String reason, InstallationLog said) {
        String tail = said.tail();
        end(item.name(), how, Optional.of(reason), tail.isEmpty() ? Optional.empty() : Optional.of(tail));
        return Optional.of(how == SyncPackageState.FAILED ? "failed" : "was skipped");
    }

    /** @throws Skipped when something of this run that it needs is not there */
    private void requireNeeds(SyncPlan.Item item) {
        for (String need : item.needs()) {
            Optional<String> missing = Optional.ofNullable(ends.get(need))
                    .map(CompletableFuture::join)
                    .orElse(Optional.empty());
            if (missing.isPresent()) {
                throw new Skipped("needs %s, which %s".formatted(need, missing.get()));
            }
        }
    }

    /** @throws Skipped when this is one of all packages, else {@link BuildFailure}, when the system lacks something */
    private void requireSystem(SourceTarball content) {
        List<String> missing = content.built() ? List.of() : SystemRequirements.missing(content.fields());
        if (!missing.isEmpty()) {
            String reason = String.join("\n", missing);
            throw config.takesWhatItCan() ? new Skipped(reason) : new BuildFailure(reason);
        }
    }

    private CompletableFuture<Void> install(SyncPlan.Item item, PackageFiles.Fetched fetched, InstallationLog said)
            throws IOException {
        progress.enter(item.name(), SyncPackageState.INSTALLING);
        Path place = Files.createDirectories(work.resolve(item.name()));
        try (VersionHolds.Hold there = means.library().hold()) {
            Deadline deadline =
                    Deadline.in(config.limit(), "the installation", "sync.%s.timelimit".formatted(config.name()));
            SyncInstaller installer =
                    new SyncInstaller(means.installing(), new Workplace(place, deadline, stop), item, said);
            InstalledPackage installed = installer.call(
                    fetched.file(),
                    needed(item, there.packages()),
                    owner(item),
                    () -> progress.enter(item.name(), SyncPackageState.CHECKING));
            return means.library().put(installed, installer.library());
        } finally {
            Disk.delete(place);
        }
    }

    /** Which sync brought it: what requests had installed stays theirs. */
    private Optional<String> owner(SyncPlan.Item item) {
        Optional<String> name = config.asked() ? Optional.empty() : Optional.of(config.name());
        return item.before().map(InstalledPackage::sync).orElse(name);
    }

    /** What a package needs, and all that this needs. */
    private static Collection<InstalledPackage> needed(SyncPlan.Item item, Map<String, InstalledPackage> there) {
        Map<String, InstalledPackage> found = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(item.needs());
        while (!open.isEmpty()) {
            InstalledPackage one = there.get(open.remove());
            if (one != null && !one.name().equals(item.name()) && found.put(one.name(), one) == null) {
                open.addAll(one.needs());
            }
        }
        return found.values();
    }

    private void prune(List<String> withdrawn) throws IOException {
        Map<String, InstalledPackage> live = means.library().packages();
        if (!config.prune() || withdrawn.isEmpty()) {
            return;
        }
        if (withdrawn.size() > FEW && withdrawn.size() > live.size() / 2) {
            progress.note(
                    "nothing was removed, although %d of %d packages are no longer in the repositories: that looks like an incomplete index"
                            .formatted(withdrawn.size(), live.size()));
            return;
        }
        means.library().remove(withdrawn);
        for (String name : withdrawn) {
            progress.add(name, "", Optional.of(live.get(name)));
            end(name, SyncPackageState.REMOVED, Optional.empty(), Optional.empty());
        }
    }

    private void end(String name, SyncPackageState how, Optional<String> reason, Optional<String> tail) {
        progress.ended(name, how, reason, tail);
        try {
            means.store().keep(progress.id(), progress.find(name).orElseThrow());
        } catch (RuntimeException e) { // the others must not wait for this one
            log.error("the report of run {} will lack {}", progress.id(), name, e);
        }
    }
}
