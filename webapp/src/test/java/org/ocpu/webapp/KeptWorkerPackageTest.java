package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeptWorkerPackageTest {
    private static final int AT_ONCE = 8;

    @TempDir
    Path directory;

    private Path made;

    @BeforeEach
    void make() throws IOException {
        made = directory.resolve("made");
        Path library = Files.createDirectories(made.resolve("worker-1/library"));
        for (int n = 0; n < 20; n++) {
            Files.writeString(library.resolve("file" + n), "content");
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whoComesSecondLeavesTheCopyOfTheFirst() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        CyclicBarrier together = new CyclicBarrier(AT_ONCE);
        for (int round = 0; round < 20; round++) {
            Path kept = directory.resolve("kept" + round);
            List<CompletableFuture<Void>> copies = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                copies.add(CompletableFuture.runAsync(() -> copyTogether(together, kept), threads));
            }
            for (CompletableFuture<Void> copy : copies) {
                copy.get();
            }
            assertEquals(List.of("worker-1"), names(kept));
            assertEquals(20, names(kept.resolve("worker-1/library")).size());
        }
        threads.shutdown();
    }

    private void copyTogether(CyclicBarrier together, Path kept) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        KeptWorkerPackage.copyNew(made, kept);
    }

    @Test
    void whatCannotBeCopiedIsToldAndLeavesNothing() throws IOException {
        Files.createSymbolicLink(made.resolve("worker-1/nowhere"), directory.resolve("none"));
        Path kept = directory.resolve("kept");
        assertThrows(UncheckedIOException.class, () -> KeptWorkerPackage.copyNew(made, kept));
        assertEquals(List.of(), names(kept));
    }
}
