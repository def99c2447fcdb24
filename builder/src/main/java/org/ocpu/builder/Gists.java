package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ocpu.app.DiskReserve;
import org.ocpu.builder.GistException.Why;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gists, fetched when they are asked for and kept: a copy older than {@code gist.maxage} is asked for anew, and fetched again if it
 * has changed. While that cannot be told, the old copy is good enough. Thread-safe.
 *
 * <p>However many requests come: one at a time talks to the server about a gist, {@value #AT_ONCE} do about any, {@value #WAITING}
 * wait for that, and {@value #KEPT} gists stay on disk. What does not exist or was refused is not asked for again for a while.
 */
public final class Gists {
    private static final Logger log = LoggerFactory.getLogger(Gists.class);
    private static final int AT_ONCE = 4;
    private static final int WAITING = 64;
    private static final int KEPT = 1_000;
    private static final int REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofSeconds(30);
    private static final Duration FETCH = Duration.ofSeconds(20);

    /** For asking whether a gist has changed: there is something to show meanwhile. */
    private static final Duration ASK = Duration.ofSeconds(5);

    private final Duration maxAge;
    private final DiskReserve reserve;
    private final Path disk;
    private final GistSource source;
    private final GistStore store;
    private final LongSupplier clock;
    private final Semaphore talking = new Semaphore(AT_ONCE, true);
    private final Semaphore waiting = new Semaphore(WAITING);
    private final Map<GistName, CompletableFuture<Void>> updates = new ConcurrentHashMap<>();
    private final Remembered<GistName, Supplier<BuilderException>> failures;

    private Gists(BuilderConfig config, GistStore store, StopSignal stop, Path disk, LongSupplier clock) {
        this.maxAge = config.gists().maxAge();
        this.reserve = config.reserve();
        this.disk = disk;
        this.source = new GistSource(config, stop);
        this.store = store;
        this.clock = clock;
        this.failures = new Remembered<>(REMEMBERED, REMEMBERED_FOR, clock);
    }

    static Gists open(BuilderConfig config, Path data, StopSignal stop) {
        return open(config, data, stop, KEPT, System::nanoTime);
    }

    /**
     * @param kept gists that stay on disk
     * @param clock nanoseconds that tell ages
     */
    static Gists open(BuilderConfig config, Path data, StopSignal stop, int kept, LongSupplier clock) {
        try {
            Path gists = Files.createDirectories(data.resolve("gist")).toRealPath();
            Path work = Files.createDirectories(data.resolve("work").resolve("gists"));
            return new Gists(config, GistStore.open(gists, work, kept), stop, data, clock);
        } catch (IOException e) {
            throw new BuilderException("the gists cannot be opened", e);
        }
    }

    /**
     * The files of a gist, fetched first if need be.
     *
     * @throws UnknownNameException when there is no such gist
     * @throws GistException when it cannot be had
     */
    public Gist open(String user, String id) {
        GistName name = GistName.of(user, id)
                .orElseThrow(
                        () -> new UnknownNameException("A gist is at USER/ID, where ID has only digits and a to f."));
        Optional<Gist> held = store.take(name);
        if (held.isPresent()) {
            if (isFresh(held.get().copy())) {
                return held.get();
            }
            held.get().close();
        }
        refresh(name);
        return store.take(name)
                .orElseThrow(
                        () -> new GistException(Why.BUSY, "The gist " + name + " was dropped just now. Try again."));
    }

    private boolean isFresh(GistCopy copy) {
        return copy.checked()
                .filter(checked -> clock.getAsLong() - checked.at() < maxAge.toNanos())
                .isPresent();
    }

    /** After this there is a copy. */
    private void refresh(GistName name) {
        if (!waiting.tryAcquire()) {
            putUpWith(name, busy());
            return;
        }
        try {
            updateOnce(name);
        } catch (GistException e) {
            putUpWith(name, e);
        } finally {
            waiting.release();
        }
    }

    private static GistException busy() {
        return new GistException(Why.BUSY, "Too many gists are being fetched. Try again in a moment.");
    }

    /** The old copy is shown, with the reason, if there is one. */
    private void putUpWith(GistName name, GistException e) {
        GistCopy copy = store.find(name).orElseThrow(() -> e);
        log.warn("the gist {} stays at commit {}: {}", name, copy.commit(), e.getMessage());
        copy.checked(clock.getAsLong(), Optional.of(e.getMessage()));
    }

    /** Whoever comes while the same is under way waits for that. */
    private void updateOnce(GistName name) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = updates.putIfAbsent(name, mine);
        if (other != null) {
            await(name, other);
            return;
        }
        try {
            update(name);
            mine.complete(null);
        } catch (BuilderException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            updates.remove(name);
            mine.completeExceptionally(new BuilderException("the gist " + name + " could not be fetched"));
        }
    }

    private static void await(GistName name, CompletableFuture<Void> update) {
        try {
            update.get(ASK.plus(FETCH).toSeconds() + 1, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BuilderException known
                    ? known
                    : new BuilderException("the gist " + name + " could not be fetched", e);
        } catch (TimeoutException e) {
            throw new GistException(Why.TOO_SLOW, "The gist " + name + " did not come in time. Try again later.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GistException(Why.BUSY, "The server is shutting down.", e);
        }
    }

    private void update(GistName name) {
        Optional<GistCopy> held = store.find(name);
        if (held.filter(this::isFresh).isPresent()) {
            return; // since somebody else was faster
        }
        failures.find(name).ifPresent(failure -> {
            throw failure.get();
        });
        Deadline deadline = Deadline.in(held.isPresent() ? ASK : FETCH);
        enter(deadline);
        try {
            RemoteHead.Head head = source.head(name, deadline);
            if (held.filter(copy -> copy.commit().equals(head.commit())).isPresent()) {
                held.get().checked(clock.getAsLong(), Optional.empty());
            } else {
                fetch(name, head, held.isPresent() ? Deadline.in(FETCH) : deadline);
            }
        } catch (UnknownNameException e) {
            failures.put(name, () -> new UnknownNameException(e.getMessage()));
            store.remove(name);
            throw e;
        } catch (GistException e) {
            if (e.why() == Why.REFUSED) {
                failures.put(name, () -> new GistException(Why.REFUSED, e.getMessage()));
            }
            throw e;
        } finally {
            talking.release();
        }
    }

    private void enter(Deadline deadline) {
        try {
            if (!talking.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GistException(Why.BUSY, "The server is shutting down.", e);
        }
    }

    private void fetch(GistName name, RemoteHead.Head head, Deadline deadline) {
        if (reserve.reached(disk)) {
            throw new GistException(
                    Why.DISK_FULL, "The disk of this server is nearly full, so the gist " + name + " is not fetched.");
        }
        Path scratch = store.room();
        try {
            source.fetch(name, head, scratch, deadline);
            Path made = store.room();
            Files.move(scratch.resolve(GistCopy.FILES), made.resolve(GistCopy.FILES));
            store.put(name, made, head.commit()).checked(clock.getAsLong(), Optional.empty());
            log.info("gist {} is at commit {}", name, head.commit());
        } catch (IOException e) {
            throw new BuilderException("the gist " + name + " cannot be kept", e);
        } finally {
            Disk.delete(scratch);
        }
    }
}
