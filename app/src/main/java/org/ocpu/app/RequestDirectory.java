package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a worker gets of the file system for a request: a box of its own, where {@code session/} becomes the session and {@code tmp/} is
 * R's; and {@code in/}, what it is given to read. When closed it is handed back if the request left it as it was, and removed if not.
 * For one thread.
 *
 * <p>What is in the box is up to whoever called, and a package's engine may change it at any time while it is where workers work. So the
 * box is there only while a worker has it: it is filled before it is lent, taken back by one rename before it is looked at, and links
 * in it are never followed. Where it is kept otherwise neither engines nor workers can write.
 */
final class RequestDirectory implements AutoCloseable {
    private static final String TMP = "tmp";

    private static final Set<PosixFilePermission> FOR_ITS_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FOR_ITS_WORKER = PosixFilePermissions.fromString("rwx--x---");

    private final Path root;
    private final Path lent;
    private final UserPart users;
    private final Consumer<RequestDirectory> whenClosed;
    private final List<Path> readable = new ArrayList<>();
    private boolean isLent;
    private boolean spoiled;

    /**
     * @param lent where its box is while a worker has it
     * @param users whom it may be given to
     * @param whenClosed takes the directory back
     */
    RequestDirectory(Path root, Path lent, UserPart users, Consumer<RequestDirectory> whenClosed) {
        this.root = root;
        this.lent = lent;
        this.users = users;
        this.whenClosed = whenClosed;
    }

    /** Makes a new directory at that path, with an empty {@code box/tmp/}. */
    static Path made(Path root) {
        try {
            Files.createDirectory(root);
            Files.setPosixFilePermissions(root, FOR_ITS_WORKER);
            Files.createDirectory(root.resolve("in"));
            Path box = Files.createDirectory(root.resolve("box"));
            Files.setPosixFilePermissions(box, FOR_ITS_OWNER);
            Files.setPosixFilePermissions(Files.createDirectory(box.resolve(TMP)), FOR_ITS_OWNER);
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a working directory", e);
        }
    }

    Path root() {
        return root;
    }

    /** The worker's own, when it has it. */
    Path path() {
        return lent;
    }

    private Path box() {
        return root.resolve("box");
    }

    /** What it is given. */
    Path in() {
        return root.resolve("in");
    }

    private Path session() {
        return box().resolve("session");
    }

    /** Where a call will run; for the server, until it lends it. */
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

    /**
     * Gives the worker its box, as the user that it runs as: nobody else of these users can enter it.
     *
     * @param user 0 when workers have no users of their own
     * @throws EngineException when the engine's workers cannot be that user
     */
    void lend(int user) {
        if (!users.includes(user)) {
            throw new EngineException("An R engine answered with a worker that is not its own.");
        }
        try {
            if (user != 0) {
                Files.setAttribute(root, "unix:gid", user);
                own(box(), user);
            }
            Files.move(box(), lent, StandardCopyOption.ATOMIC_MOVE);
            isLent = true;
        } catch (IOException e) {
            throw new EngineException("Cannot give a working directory to a worker.", e);
        }
    }

    /**
     * Takes the box back, to look at what the worker left in it.
     *
     * @throws WorkerLostException when it is not there any more, or something else in its place
     */
    void takeBack() {
        try {
            Files.move(lent, box(), StandardCopyOption.ATOMIC_MOVE);
            isLent = false;
            if (!isReclaimed(box())) {
                spoiled = true;
                Files.setPosixFilePermissions(box(), FOR_ITS_OWNER);
            }
        } catch (NoSuchFileException e) {
            throw new WorkerLostException("The call removed its working directory.");
        } catch (AccessDeniedException e) {
            throw new WorkerLostException("The call closed its working directory.");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot take back a working directory", e);
        }
    }

    /**
     * Makes a directory of the box the server's again, before anything in it is looked at.
     *
     * @return whether its permissions are as they were
     * @throws WorkerLostException when it is no directory
     */
    private boolean isReclaimed(Path directory) throws IOException {
        if (users.exist()) {
            give(directory, 0);
        }
        PosixFileAttributes found =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()) {
            throw new WorkerLostException("The call replaced its working directory.");
        }
        return found.permissions().equals(FOR_ITS_OWNER);
    }

    private static void own(Path path, int user) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> entries = Files.list(path)) {
                for (Path entry : entries.toList()) {
                    own(entry, user);
                }
            }
        }
        give(path, user);
    }

    private static void give(Path path, int user) throws IOException {
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
            Files.move(box().resolve(name), taken, StandardCopyOption.ATOMIC_MOVE);
            if (!Files.readAttributes(taken, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new WorkerLostException("The call replaced the file that was to hold its answer.");
            }
            if (users.exist()) {
                give(taken, 0);
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
        } catch (AccessDeniedException e) {
            throw new WorkerLostException("The call closed the directory that was to become its session.");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the session", e);
        }
    }

    /** Whether it is as it was made, and nobody has it. */
    boolean isClean() {
        if (isLent || spoiled) {
            return false;
        }
        try {
            return names(root).equals(List.of("box", "in"))
                    && names(in()).isEmpty()
                    && names(box()).equals(List.of(TMP))
                    && isReclaimed(box().resolve(TMP))
                    && names(box().resolve(TMP)).isEmpty();
        } catch (IOException | UncheckedIOException | WorkerLostException notAsItWas) {
            return false;
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

    /** Removes it, whatever has become of it. */
    void delete() throws IOException {
        if (isLent) {
            Trees.delete(lent);
        }
        Trees.delete(root);
    }

    @Override
    public void close() {
        whenClosed.accept(this);
    }
}
