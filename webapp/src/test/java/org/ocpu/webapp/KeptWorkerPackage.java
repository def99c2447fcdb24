package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What R makes of {@code ocpu.worker}, which a server does once for its data: kept for the next test's server, which has other data. Its
 * directory is named for what it was made from.
 */
final class KeptWorkerPackage {
    private static final Path KEPT = Path.of("target", "ocpu-worker");

    private KeptWorkerPackage() {}

    /** To be done before a server is started. */
    static void bring(Path data) {
        copyNew(KEPT, data.resolve("cache"));
    }

    /** To be done when a server has been started. */
    static void keep(Path data) {
        copyNew(data.resolve("cache"), KEPT);
    }

    /** Copies what is not there yet; another process may do the same at the same time. */
    static void copyNew(Path from, Path to) {
        try {
            for (Path installed : entries(from)) {
                Path target = to.resolve(installed.getFileName());
                if (installed.getFileName().toString().startsWith("worker-") && !Files.exists(target)) {
                    Files.createDirectories(to);
                    Path staging = Files.createTempDirectory(to, "copy-");
                    try {
                        copy(installed, staging.resolve("library"));
                        Files.move(staging.resolve("library"), target, StandardCopyOption.ATOMIC_MOVE);
                    } catch (FileSystemException e) {
                        if (!Files.exists(target)) {
                            throw e;
                        }
                    } finally {
                        BenchServer.delete(staging);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        if (Files.isDirectory(from)) {
            for (Path entry : entries(from)) {
                copy(entry, to.resolve(entry.getFileName()));
            }
        }
    }
}
