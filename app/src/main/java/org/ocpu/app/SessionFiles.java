package org.ocpu.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes of what a worker left what a session is: plain files of the server's user, and in {@code files/} also directories and links.
 * Whatever else is there, such as a link in place of a text, goes.
 */
final class SessionFiles {
    private static final Pattern OWN = Pattern.compile(
            "R\\.([^%\\p{Cntrl}]|%[0-9A-Fa-f]{2})*\\.rds|graphics\\.[1-9][0-9]{0,8}\\.rds|texts\\.json|text\\.[a-z]+");
    private static final int DEEPEST = 64;
    private static final int SPECIAL_BITS = 07000;

    /** The texts of a call are files of their own when they are large. */
    private static final long MOST_TEXTS = 4 << 20;

    /** Lists of all that a session holds are made in memory. */
    private static final int MOST_ENTRIES = 20_000;

    private static final long MOST_NAMES = 4 << 20;

    private final Path session;
    private int entries;
    private long names;

    private SessionFiles(Path session) {
        this.session = session;
    }

    /**
     * Top down: what is the server's already cannot be exchanged while its content is looked at.
     *
     * @throws WorkerLostException when what a session needs is not there
     */
    static void settle(Path session) throws IOException {
        new SessionFiles(session).settle();
    }

    private void settle() throws IOException {
        if (!Files.isDirectory(session, LinkOption.NOFOLLOW_LINKS)) {
            throw new WorkerLostException("The call replaced the directory that was to become its session.");
        }
        own(session);
        for (Path entry : entries(session)) {
            String name = entry.getFileName().toString();
            boolean plain = Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                    && OWN.matcher(name).matches();
            if (plain) {
                own(entry);
            } else if (name.equals("files") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                settleTree(entry, 0);
            } else {
                Trees.delete(entry);
            }
        }
        if (!Files.exists(session.resolve("texts.json"))) {
            throw new WorkerLostException("The call removed what was to become its session.");
        }
        if (Files.size(session.resolve("texts.json")) > MOST_TEXTS) {
            throw new WorkerLostException("The call left a list of texts of more than " + MOST_TEXTS
                    + " bytes: it printed too many times, or replaced the list.");
        }
        if (!new SessionTexts(session).canBeRead()) {
            throw new WorkerLostException("The call replaced the list of texts that it printed.");
        }
        if (!Files.exists(session.resolve("files"))) {
            Files.createDirectory(session.resolve("files"));
        }
    }

    private void settleTree(Path directory, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new WorkerLostException("The call left directories nested deeper than " + DEEPEST + ".");
        }
        own(directory);
        for (Path entry : entries(directory)) {
            BasicFileAttributes attributes =
                    Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                settleTree(entry, depth + 1);
            } else if (attributes.isRegularFile()) {
                own(entry);
            } else if (attributes.isOther()) {
                Files.delete(entry); // a pipe, a socket
            }
        }
    }

    /** All in a directory, unless the session has too many by now. */
    private List<Path> entries(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path entry : all) {
                count(entry);
                found.add(entry);
            }
        }
        return found;
    }

    private void count(Path entry) {
        names += session.relativize(entry).toString().length();
        if (++entries > MOST_ENTRIES) {
            throw new WorkerLostException("The call left more than " + MOST_ENTRIES + " files; they are not kept.");
        }
        if (names > MOST_NAMES) {
            throw new WorkerLostException(
                    "The call left files with paths of more than " + MOST_NAMES + " characters; they are not kept.");
        }
    }

    /** Makes a file or directory the server's, readable for it, and nobody else's to change. */
    private static void own(Path path) throws IOException {
        if (WorkerUsers.isRoot()) {
            Files.setAttribute(path, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", 0, LinkOption.NOFOLLOW_LINKS);
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes attributes = view.readAttributes();
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if (attributes.isDirectory() || attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE)) {
            permissions.addAll(Set.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
        }
        if (!attributes.permissions().equals(permissions) || hasSpecialBits(path)) {
            change(view, path, permissions);
        }
    }

    /** Such as that for programs to run as their owner, of which {@link PosixFilePermission} does not know. */
    private static boolean hasSpecialBits(Path path) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & SPECIAL_BITS) != 0;
    }

    /** Opens the file for it, so that no link is followed; only root can open what its owner may not read. */
    private static void change(PosixFileAttributeView view, Path path, Set<PosixFilePermission> permissions)
            throws IOException {
        try {
            view.setPermissions(permissions);
        } catch (AccessDeniedException e) {
            throw new WorkerLostException("The call left a file that it may not read itself: " + path.getFileName());
        }
    }
}
