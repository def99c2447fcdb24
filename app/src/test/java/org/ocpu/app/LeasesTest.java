package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LeasesTest {
    @TempDir
    Path directory;

    private final Leases leases = new Leases();
    private final List<String> done = new ArrayList<>();
    private Path library;
    private PackageRef ref;

    @BeforeEach
    void library() throws IOException {
        library = Files.createDirectory(directory.resolve("7"));
        ref = new PackageRef(library, "tiny", "apps/ada/tiny", "7");
    }

    private void remove() {
        try {
            Files.delete(library);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatNobodyUsesEndsAtOnce() {
        leases.whenUnused(library, () -> done.add("ended"));
        assertEquals(List.of("ended"), done);
    }

    @Test
    void whatIsUsedEndsWithTheLastRequestAndOnlyOnce() {
        Lease first = leases.take(ref).orElseThrow();
        leases.whenUnused(library, () -> done.add("engine"));
        Lease second = leases.take(ref).orElseThrow();
        leases.whenUnused(library, () -> done.add("files"));
        first.close();
        assertEquals(List.of(), done);
        second.close();
        assertEquals(List.of("engine", "files"), done);
        leases.take(ref).orElseThrow().close();
        assertEquals(2, done.size());
    }

    @Test
    void otherLibrariesDoNotMatter() throws IOException {
        Path other = Files.createDirectory(directory.resolve("8"));
        assertTrue(
                leases.take(new PackageRef(other, "tiny", "apps/ada/tiny", "8")).isPresent());
        leases.whenUnused(library, () -> done.add("ended"));
        assertEquals(List.of("ended"), done);
    }

    @Test
    void whatIsRemovedCannotBeUsed() {
        leases.whenUnused(library, this::remove);
        assertEquals(Optional.empty(), leases.take(ref));
        leases.whenUnused(library, () -> done.add("ended"));
        assertEquals(List.of("ended"), done, "the refused request counts no longer");
    }

    @Test
    void whoComesDuringTheRemovalWaitsForItsEnd() throws Exception {
        CountDownLatch removing = new CountDownLatch(1);
        CountDownLatch mayRemove = new CountDownLatch(1);
        Lease last = leases.take(ref).orElseThrow();
        leases.whenUnused(library, () -> {
            removing.countDown();
            await(mayRemove);
            remove();
        });
        CompletableFuture<Void> ending = CompletableFuture.runAsync(last::close);
        await(removing);
        CompletableFuture<Optional<Lease>> late = new CompletableFuture<>();
        Thread request = new Thread(() -> late.complete(leases.take(ref)));
        request.start();
        while (request.getState() != Thread.State.WAITING) {
            assertFalse(late.isDone(), "nobody may use a library while it is removed");
            Thread.onSpinWait();
        }
        mayRemove.countDown();
        assertEquals(Optional.empty(), late.get(10, TimeUnit.SECONDS));
        ending.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aFailureToRemoveDoesNotFailTheRequestThatWasLast() {
        Lease last = leases.take(ref).orElseThrow();
        leases.whenUnused(library, () -> {
            throw new IllegalStateException("the disk is broken");
        });
        leases.whenUnused(library, () -> done.add("next"));
        last.close();
        assertEquals(List.of("next"), done);
        assertTrue(leases.take(ref).isPresent());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
