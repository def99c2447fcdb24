package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a worker gets of the file system for a request: {@code box/}, its own, where {@code session/} becomes the session and {@code
 * tmp/} is R's; and {@code in/}, what it is given to read. All else of the directory is the server's. When closed it is handed back if
 * the request left it as it was, and removed if not. For one thread.
 *
 * <p>What is in the box is up to whoever called, so it is taken out by one rename before it is looked at, and links in it are never
 * followed.
 */
final class RequestDirectory implements AutoCloseable {
    private static final String TMP = "tmp";

    private final Path root;
    private final Consumer<RequestDirectory> whenClosed;
    private final List<Path> readable = new ArrayList<>();

    /** @param whenClosed takes the directory back */
    RequestDirectory(Path root, Consumer<RequestDirectory> whenClosed) {
        this.root = root;
        this.whenClosed = whenClosed;
    }

    /** Makes a new directory at that path, with an empty {@code box/tmp/}. */
    static Path made(Path root) {
        try {
            Files.createDirectory(root);
            Files.createDirectory(root.resolve("in"));
            Files.createDirectories(root.resolve("box").resolve(TMP));
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a working directory", e);
        }
    }

    Path root() {
        return root;
    }

    /** The worker's own. */
    Path path() {
        return root.resolve("box");
    }

    /** What it is given. */
    Path in() {
        return root.resolve("in");
    }

    private Path session() {
        return path().resolve("session");
    }

    /** Where a call runs. */
    Path files() {
        return session().resolve("files");
    }

    /** What else of the file system the worker may read, besides what its engine may. */
    List<Path> readable() {
        return List.copyOf(readable);
    }

    void mayRead(List<Path> paths) {
        readable.addAll(paths);
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

    /**
     * Gives the worker a session to read: the session's files under other names, which it cannot change.
     *
     * @param withFiles whether also those of {@code files/}
     * @return where the session is for the worker; the same each time
     */
    Path bring(Path session, boolean withFiles) {
        Path target = in().resolve(session.getFileName());
        try {
            if (!Files.isDirectory(target)) {
                Files.createDirectory(target);
                linkAll(session, target, false);
            }
            if (withFiles && !Files.isDirectory(target.resolve("files"))) {
                linkAll(session.resolve("files"), Files.createDirectory(target.resolve("files")), true);
            }
            return target;
        } catch (NoSuchFileException gone) {
            throw new NotFoundException("Session not found: " + session.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot bring a session to a worker", e);
        }
    }

    private static void linkAll(Path from, Path to, boolean deep) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Path target = to.resolve(entry.getFileName());
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    link(entry, target);
                } else if (deep && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    linkAll(entry, Files.createDirectory(target), true);
                }
            }
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileSystemException otherDevice) {
            if (otherDevice instanceof NoSuchFileException || otherDevice instanceof FileAlreadyExistsException) {
                throw otherDevice;
            }
            Files.copy(from, to);
        }
    }

    /** Gives the directory to the user that the worker runs as; nobody else of these users can enter it. */
    void giveTo(int user) {
        try {
            Files.setAttribute(root, "unix:gid", user);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x---"));
            own(path(), user);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give a working directory to its worker", e);
        }
    }

    private static void own(Path path, int user) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> entries = Files.list(path)) {
                for (Path entry : entries.toList()) {
                    own(entry, user);
                }
            }
        }
        Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Takes a file that the worker has made.
     *
     * @throws WorkerLostException when it is none
     */
    Path take(String name) {
        Path taken = root.resolve("taken-" + name);
        try {
            Files.move(path().resolve(name), taken, StandardCopyOption.ATOMIC_MOVE);
            if (!Files.readAttributes(taken, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new WorkerLostException("The call replaced the file that was to hold its answer.");
            }
            if (WorkerUsers.isRoot()) {
                own(taken, 0);
            }
            return taken;
        } catch (NoSuchFileException e) {
            throw new WorkerLostException("The call removed the file that was to hold its answer.");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the worker's answer", e);
        }
    }

    /** Where {@link #take} puts an answer that is too large for the connection. */
    Path body() {
        return root.resolve("taken-body");
    }

    /** Takes what is to become a session, as {@link SessionFiles} wants it. */
    Path takeSession() {
        Path taken = root.resolve("session");
        try {
            Files.move(session(), taken, StandardCopyOption.ATOMIC_MOVE);
            SessionFiles.settle(taken);
            return taken;
        } catch (NoSuchFileException e) {
            throw new WorkerLostException("The call removed the directory that was to become its session.");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the session", e);
        }
    }

    /** Whether it is as it was made. */
    boolean isClean() {
        try {
            return names(root).equals(List.of("box", "in"))
                    && names(in()).isEmpty()
                    && names(path()).equals(List.of(TMP))
                    && Files.isDirectory(path().resolve(TMP), LinkOption.NOFOLLOW_LINKS)
                    && names(path().resolve(TMP)).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look into a working directory", e);
        }
    }

    /** The first few of them: a clean directory has no more. */
    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.limit(3)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        whenClosed.accept(this);
    }
}
