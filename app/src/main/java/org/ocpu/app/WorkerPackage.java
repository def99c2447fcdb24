package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The R package {@code ocpu.worker}, shipped in the jar and installed once for each of its versions and each version of R. */
final class WorkerPackage {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPackage.class);

    private final Path library;

    private WorkerPackage(Path library) {
        this.library = library;
    }

    /** The library to load it from. */
    Path library() {
        return library;
    }

    /** Installs the package below the cache directory unless it is there; a started installation that failed leaves nothing. */
    static WorkerPackage installed(Path cache, String rVersion) {
        try (Source source = Source.open()) {
            Path target = cache.resolve("worker-" + rVersion + "-" + hash(source.root()));
            if (!Files.isDirectory(target)) {
                install(source.root(), target);
            }
            return new WorkerPackage(target);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot install ocpu.worker", e);
        }
    }

    private static void install(Path source, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Path staging = Files.createTempDirectory(target.getParent(), "worker-");
        try {
            copyTree(source, staging.resolve("source"));
            Path library = Files.createDirectory(staging.resolve("library"));
            String output = run(List.of(
                    "R",
                    "CMD",
                    "INSTALL",
                    "--no-docs",
                    "--library=" + library,
                    staging.resolve("source").toString()));
            if (!Files.isRegularFile(library.resolve("ocpu.worker").resolve("DESCRIPTION"))) {
                throw new EngineException("R cannot install its worker package ocpu.worker:\n" + output);
            }
            Files.move(library, target, StandardCopyOption.ATOMIC_MOVE);
            LOG.info("Installed ocpu.worker");
        } finally {
            Trees.delete(staging);
        }
    }

    /** Runs a short command and returns what it printed. */
    static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return output;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        for (Path path : files(from)) {
            Path target = to.resolve(from.relativize(path).toString());
            Files.createDirectories(target.getParent());
            Files.copy(path, target);
        }
    }

    private static String hash(Path root) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files(root)) {
                digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The package's sources, in the jar or in the build's directory of classes. */
    private record Source(Path root, FileSystem jar) implements AutoCloseable {
        static Source open() throws IOException {
            try {
                URI uri = WorkerPackage.class.getResource("r/ocpu.worker").toURI();
                if (!uri.getScheme().equals("jar")) {
                    return new Source(Path.of(uri), null);
                }
                FileSystem jar = FileSystems.newFileSystem(uri, Map.of());
                return new Source(jar.provider().getPath(uri), jar);
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (jar != null) {
                jar.close();
            }
        }
    }
}
