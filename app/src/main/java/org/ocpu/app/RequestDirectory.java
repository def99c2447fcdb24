package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** The directory a worker works in: {@code session/} becomes the session, {@code tmp/} is R's. Removed when closed. */
record RequestDirectory(Path path) implements AutoCloseable {

    Path session() {
        return path.resolve("session");
    }

    /** For calls: the directory that R code runs in. */
    RequestDirectory withFiles() {
        try {
            Files.createDirectory(session());
            Files.createDirectory(session().resolve("files"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a working directory", e);
        }
    }

    @Override
    public void close() {
        try {
            deleteTree(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove a working directory", e);
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
