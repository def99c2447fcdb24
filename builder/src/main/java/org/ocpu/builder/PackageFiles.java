package org.ocpu.builder;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.app.RSystem;

/** Fetches the files of a run's packages: binaries where they are of use, else sources. Thread-safe. */
final class PackageFiles {
    private final SyncProgress progress;
    private final SyncConfig config;
    private final RSystem r;
    private final Downloads downloads;
    private final StopSignal stop;
    private final long most;

    /** Bytes that may still be downloaded; with one limit for all of them, one is downloaded at a time. */
    private final AtomicLong room;

    /**
     * A package's file, and what it is.
     *
     * @param binary whether there is a source to try if it is of no use
     */
    record Fetched(Path file, SourceTarball content, boolean binary) {}

    /** @param most bytes to download in all */
    PackageFiles(SyncProgress progress, RSystem r, Path directory, StopSignal stop, long most) {
        this.progress = progress;
        this.config = progress.config();
        this.r = r;
        this.downloads = new Downloads(directory, config.useBinaries() ? agent(r) : "ocpu");
        this.stop = stop;
        this.most = most;
        this.room = new AtomicLong(most);
    }

    /** What R calls itself to repositories, some of which then have packages that are built for it. */
    static String agent(RSystem r) {
        return "R (%s %s)".formatted(r.version(), r.platform());
    }

    /** @throws BuildFailure saying why there is no file to install */
    Fetched fetch(SyncPlan.Item item) {
        return item.binary()
                .filter(binary -> config.useBinaries())
                .flatMap(binary -> binary(item, binary))
                .orElseGet(() -> source(item));
    }

    /** Nothing when it cannot be used here: the source then is. */
    private Optional<Fetched> binary(SyncPlan.Item item, IndexEntry binary) {
        try {
            Fetched fetched = download(item.name(), binary, true);
            Optional<String> unfit = fetched.content().unfit();
            if (unfit.isEmpty()) {
                return Optional.of(fetched);
            }
            notUsed(item, unfit.get());
        } catch (BuildFailure e) {
            notUsed(item, e.getMessage());
        }
        return Optional.empty();
    }

    /** Tells that a binary is of no use. */
    void notUsed(SyncPlan.Item item, String why) {
        progress.noteOfPackage("%s: its binary is not used: %s".formatted(item.entry(), Text.firstLine(why)));
    }

    /** The file that the repository itself has. */
    Fetched source(SyncPlan.Item item) {
        Fetched fetched = download(item.name(), item.entry(), false);
        if (fetched.content().built()) {
            if (!config.useBinaries()) {
                throw new BuildFailure(
                        "the repository gives a binary in place of the source, and sync.%s.binaries is off"
                                .formatted(config.name()));
            }
            fetched.content().unfit().ifPresent(unfit -> {
                throw new BuildFailure("the repository gives a binary in place of the source: " + unfit);
            });
        }
        return fetched;
    }

    private Fetched download(String name, IndexEntry entry, boolean binary) {
        Path file = get(name, entry);
        room.addAndGet(-progress.find(name).orElseThrow().bytes());
        try {
            return new Fetched(file, SourceTarball.read(file, entry, r), binary);
        } catch (BuildFailure e) {
            if (entry.md5().isEmpty()) {
                Disk.delete(file); // it may have been damaged on its way
            }
            throw e;
        }
    }

    private Path get(String name, IndexEntry entry) {
        try {
            return downloads.get(entry, room.get(), (bytes, size) -> progress.downloaded(name, bytes, size), stop);
        } catch (FileTooLarge e) {
            throw new BuildFailure(
                    "%s; a request may have %s downloaded in all (%s.ondemand.size)"
                            .formatted(e.getMessage(), Words.size(most), config.library()),
                    e);
        }
    }

    /** Deletes what earlier runs left and the plan has no use for. */
    void keepOnly(SyncPlan plan) {
        Set<Path> wanted = plan.items().stream()
                .flatMap(item -> Stream.concat(Stream.of(item.entry()), item.binary().stream()))
                .map(downloads::file)
                .collect(Collectors.toSet());
        downloads.keepOnly(wanted);
    }
}
