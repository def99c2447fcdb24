package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The directory a worker works in: {@code session/} becomes the session, {@code tmp/} is R's. When closed it is handed back if the
 * request left it as it was, and removed if not.
 *
 * @param reuse takes the path of a directory that is as good as new
 */
record RequestDirectory(Path path, Consumer<Path> reuse) implements AutoCloseable {

    /** A new directory at that path, with an empty {@code tmp/}. */
    static Path made(Path path) {
        try {
            Files.createDirectory(path);
            Files.createDirectory(path.resolve("tmp"));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a working directory", e);
        }
    }

    Path session() {
        return path.resolve("session");
    }

    /** Where a call runs. */
    Path files() {
        return session().resolve("files");
    }

    /** Where a worker puts an answer that is too large for the connection. */
    Path body() {
        return path.resolve("body");
    }

    /** For calls: the directory that R code runs in. */
    RequestDirectory withFiles() {
        try {
            Files.createDirectory(session());
            Files.createDirectory(files());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a working directory", e);
        }
    }

    @Override
    public void close() {
        try {
            if (names(path).equals(List.of("tmp")) && names(path.resolve("tmp")).isEmpty()) {
                reuse.accept(path);
            } else {
                deleteTree(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove a working directory", e);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** Removes a directory and all in it; what vanishes meanwhile is as good as removed. Does not follow links. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
