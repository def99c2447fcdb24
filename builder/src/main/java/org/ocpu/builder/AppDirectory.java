package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** An app on disk: {@code versions/<build>/} and the link {@code current} to the live one. Without the link it is no app. */
record AppDirectory(Path path) {

    /** Where the version of a build is, or is to be. */
    Path version(long build) {
        return path.resolve("versions").resolve(Long.toString(build));
    }

    /** The directories of the versions. */
    List<Path> versions() {
        return Disk.list(path.resolve("versions")).stream()
                .filter(version -> version.getFileName().toString().matches("[0-9]{1,18}"))
                .toList();
    }

    /** The number of the build that made a version. */
    static long build(Path version) {
        return Long.parseLong(version.getFileName().toString());
    }

    Optional<Path> live() {
        try {
            return Optional.of(path.resolve(Files.readSymbolicLink(current())));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new BuilderException(current() + " cannot be read", e);
        }
    }

    void makeLive(Path version) throws IOException {
        dropHalfMadeLink();
        Files.createSymbolicLink(next(), path.relativize(version));
        Files.move(next(), current(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Disk.syncEntries(path);
    }

    /** What a crash may leave of {@link #makeLive}. */
    void dropHalfMadeLink() throws IOException {
        Files.deleteIfExists(next());
    }

    /** From here on it is no app. */
    void takeDown() throws IOException {
        Files.delete(current());
        Disk.syncEntries(path);
    }

    /** Leaves no directory of what is no app and has no versions, nor of an owner without apps. */
    void deleteIfEmpty() throws IOException {
        if (live().isEmpty() && Disk.deleteEmpty(path.resolve("versions")) && Disk.deleteEmpty(path)) {
            Disk.deleteEmpty(path.getParent());
        }
    }

    private Path current() {
        return path.resolve("current");
    }

    private Path next() {
        return path.resolve("next");
    }
}
