package org.ocpu.builder;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of repositories, as they were when they were last asked for; one file each, see {@link KeptIndex}. An index that did
 * not change costs one request with a short answer; one that cannot be had, or is none, leaves the one before. Thread-safe; the
 * only one that uses its directory.
 */
final class IndexStore {
    private static final Logger log = LoggerFactory.getLogger(IndexStore.class);
    private static final long LARGEST = 200L << 20;
    private static final List<String> FILES = List.of("PACKAGES.gz", "PACKAGES");
    private static final String KEPT = ".index";
    private static final String UNFINISHED = ".new";

    private final Path directory;
    private final RepositoryFiles files;
    private final long largest;

    /** What is kept, without its bytes; the memory can have it back. */
    private final Map<URI, SoftReference<Known>> known = new ConcurrentHashMap<>();

    private record Known(URI file, RepositoryFiles.Validators validators, PackageIndex index) {}

    IndexStore(Path directory, RepositoryFiles files) throws IOException {
        this(directory, files, LARGEST);
    }

    /** @param largest bytes of an index, unpacked */
    IndexStore(Path directory, RepositoryFiles files, long largest) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.files = files;
        this.largest = largest;
        for (Path file : Disk.list(directory)) {
            if (file.getFileName().toString().endsWith(UNFINISHED)) {
                Files.delete(file);
            }
        }
    }

    /**
     * The index of a repository, as it is now.
     *
     * @throws BuildFailure naming the address, when it cannot be had, or is none; what was kept stays
     * @throws BuildStopped when this is to end, or the thread is interrupted
     */
    PackageIndex fetch(URI repository, StopSignal stop) {
        Optional<Known> before = find(repository);
        List<URI> candidates = candidates(repository, before);
        Asked asked = ask(candidates.get(0), before, stop);
        if (asked.answer().missing()) {
            asked = ask(candidates.get(1), before, stop);
        }
        if (asked.answer().unchanged() && before.isPresent()) {
            return before.get().index();
        }
        if (asked.answer().missing()) {
            throw RepositoryFiles.failure(
                    PackageIndex.contrib(repository),
                    "there is neither PACKAGES.gz nor PACKAGES (%d)"
                            .formatted(asked.answer().status()));
        }
        if (!asked.answer().ok()) {
            throw RepositoryFiles.failure(
                    asked.file(), "the server answers " + asked.answer().status());
        }
        return keep(
                repository,
                new KeptIndex(
                        asked.file(),
                        asked.answer().validators(),
                        asked.answer().body()));
    }

    private record Asked(URI file, RepositoryFiles.Answer answer) {}

    private Asked ask(URI file, Optional<Known> before, StopSignal stop) {
        return new Asked(file, files.get(file, validators(file, before), stop));
    }

    /** What was fetched last, also by an earlier run of the server; asks nobody. */
    Optional<PackageIndex> kept(URI repository) {
        return find(repository).map(Known::index);
    }

    /** The file that was there last time comes first. */
    private static List<URI> candidates(URI repository, Optional<Known> before) {
        List<URI> all = FILES.stream()
                .map(name -> URI.create(PackageIndex.contrib(repository) + "/" + name))
                .toList();
        boolean plain = before.filter(known -> known.file().equals(all.get(1))).isPresent();
        return plain ? List.of(all.get(1), all.get(0)) : all;
    }

    private static RepositoryFiles.Validators validators(URI file, Optional<Known> before) {
        return before.filter(known -> known.file().equals(file))
                .map(Known::validators)
                .orElse(RepositoryFiles.Validators.NONE);
    }

    private Optional<Known> find(URI repository) {
        Optional<Known> inMemory = Optional.ofNullable(known.get(repository)).map(SoftReference::get);
        return inMemory.isPresent() ? inMemory : load(repository);
    }

    private synchronized Optional<Known> load(URI repository) {
        Path kept = path(repository);
        if (!Files.exists(kept)) {
            return Optional.empty();
        }
        try {
            return Optional.of(remember(repository, KeptIndex.read(kept)));
        } catch (ClosedByInterruptException e) {
            throw new BuildStopped();
        } catch (IOException | BuildFailure e) {
            log.warn("the kept index of {} is damaged and is fetched anew", RepositoryFiles.shown(repository), e);
            return Optional.empty();
        }
    }

    private synchronized PackageIndex keep(URI repository, KeptIndex fetched) {
        PackageIndex index = parse(repository, fetched);
        try {
            Path unfinished = Files.createTempFile(directory, "index", UNFINISHED);
            try {
                fetched.write(unfinished);
                Files.move(
                        unfinished,
                        path(repository),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            Disk.syncEntries(directory);
        } catch (ClosedByInterruptException e) {
            throw new BuildStopped();
        } catch (IOException e) {
            throw new BuildFailure(
                    "the index of %s cannot be kept: %s".formatted(RepositoryFiles.shown(repository), Disk.reason(e)),
                    e);
        }
        remember(repository, new Known(fetched.file(), fetched.validators(), index));
        return index;
    }

    private Known remember(URI repository, KeptIndex kept) {
        return remember(repository, new Known(kept.file(), kept.validators(), parse(repository, kept)));
    }

    private Known remember(URI repository, Known now) {
        known.put(repository, new SoftReference<>(now));
        return now;
    }

    private PackageIndex parse(URI repository, KeptIndex kept) {
        try (InputStream in = open(kept)) {
            return PackageIndex.read(repository, in, largest);
        } catch (EOFException e) {
            throw RepositoryFiles.failure(kept.file(), "the file is cut off");
        } catch (ZipException e) {
            throw RepositoryFiles.failure(kept.file(), "the file is damaged: " + e.getMessage());
        } catch (IOException e) {
            throw RepositoryFiles.failure(kept.file(), "the file cannot be read: " + e.getMessage());
        } catch (BuildFailure e) {
            throw RepositoryFiles.failure(kept.file(), "this is not an index of packages: " + e.getMessage());
        }
    }

    private static InputStream open(KeptIndex kept) throws IOException {
        if (kept.packed()) {
            return new GZIPInputStream(new ByteArrayInputStream(kept.body()), 64 << 10);
        }
        if (kept.file().getPath().endsWith(".gz") && kept.body().length > 0) {
            throw new BuildFailure("it is not compressed and begins with "
                    + Text.line(
                            new String(kept.body(), 0, Math.min(80, kept.body().length), StandardCharsets.ISO_8859_1),
                            80));
        }
        return new ByteArrayInputStream(kept.body());
    }

    private Path path(URI repository) {
        return directory.resolve(Text.digest(repository.toString()) + KEPT);
    }
}
