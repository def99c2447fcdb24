package org.ocpu.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rendered values, small ones in memory and large ones in files, each kind up to a number of bytes; what was not asked for lately
 * goes first. Only for what never changes. Thread-safe.
 */
final class RenderedCache {
    private static final int ENTRY_OVERHEAD = 512;

    private final Path directory;
    private final Cache<Reading, Rendered> small;
    private final Cache<Reading, Large> large;
    private final AtomicLong count = new AtomicLong();

    /** A large value without its content, which is in a file of the cache. */
    private record Large(Rendered rendered, Path file, long length) {}

    /**
     * @param directory empty, and nobody else's
     * @param memory bytes to keep in memory
     * @param disk bytes to keep in files
     */
    RenderedCache(Path directory, long memory, long disk) {
        this.directory = directory;
        this.small = Caffeine.newBuilder()
                .maximumWeight(memory)
                .weigher((Reading reading, Rendered rendered) ->
                        (int) rendered.content().length() + ENTRY_OVERHEAD)
                .build();
        this.large = Caffeine.newBuilder()
                .maximumWeight(disk)
                .weigher((Reading reading, Large value) -> (int) Math.min(Integer.MAX_VALUE, value.length()))
                .removalListener((Reading reading, Large value, RemovalCause cause) -> delete(value.file()))
                .build();
    }

    Optional<Rendered> get(Reading reading) {
        Rendered kept = small.getIfPresent(reading);
        if (kept != null) {
            return Optional.of(kept);
        }
        return Optional.ofNullable(large.getIfPresent(reading)).flatMap(RenderedCache::open);
    }

    private static Optional<Rendered> open(Large value) {
        try {
            return Optional.of(value.rendered().with(Content.OnDisk.open(value.file())));
        } catch (NoSuchFileException evicted) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a kept value", e);
        }
    }

    /** Keeps a value whose content is in memory. */
    void keep(Reading reading, Rendered rendered) {
        small.put(reading, rendered);
    }

    /** Keeps a value whose content is that file too, which now is the cache's. */
    void keep(Reading reading, Rendered rendered, Path file) {
        Path target = directory.resolve(Long.toString(count.incrementAndGet()));
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            Rendered bare = rendered.with(new Content.InMemory(new byte[0]));
            large.put(reading, new Large(bare, target, rendered.content().length()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep a rendered value", e);
        }
    }

    /** Forgets what was made of sessions that are no longer there. */
    void forgetGone() {
        small.asMap().keySet().removeIf(RenderedCache::isGone);
        large.asMap().keySet().removeIf(RenderedCache::isGone);
    }

    private static boolean isGone(Reading reading) {
        return reading.session().filter(session -> !Files.isDirectory(session)).isPresent();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove a kept value", e);
        }
    }
}
