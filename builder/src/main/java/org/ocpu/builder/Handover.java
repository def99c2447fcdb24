package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Gives directories to the user that a command runs as, and takes them back afterwards as plain files: nothing but regular
 * files and directories of the server's user, which others can read, without special bits, and links that stay inside. So
 * whatever the command has planted, nobody who uses the directory later is led out of it.
 *
 * <p>{@link #takeBack} must be called when nothing of the command runs any more: the directories must not change under it.
 */
final class Handover {
    private static final String ATTRIBUTES = "unix:mode,uid,nlink,ino,dev";
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int OPEN_DIRECTORY = 0755;
    private static final int OPEN_FILE = 0644;
    private static final int ANY_EXECUTE = 0111;

    private final List<Path> directories;
    private final OptionalInt user;
    private final int self;
    private final Set<List<Object>> shared = new HashSet<>();
    private final List<String> removed = new ArrayList<>();

    /** @param user who gets them; absent: the command runs as the server's own user */
    Handover(List<Path> directories, OptionalInt user) throws IOException {
        this.directories = directories;
        this.user = user;
        this.self = new File(Path.of("/proc/self").toRealPath()).uid();
    }

    /** What is known of a file, of the link itself if it is one. */
    private record File(Path path, Map<String, Object> attributes) {
        File(Path path) throws IOException {
            this(path, Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
        }

        int uid() {
            return (Integer) attributes.get("uid");
        }

        int mode() {
            return (Integer) attributes.get("mode");
        }

        boolean is(int type) {
            return (mode() & TYPE) == type;
        }

        boolean hasOtherNames() {
            return (Integer) attributes.get("nlink") > 1;
        }

        List<Object> identity() {
            return List.of(attributes.get("dev"), attributes.get("ino"));
        }

        void own(int uid) throws IOException {
            if (uid() != uid) {
                Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        }

        void permit(int permissions) throws IOException {
            if ((mode() & ~TYPE) != permissions) {
                Files.setAttribute(path, "unix:mode", permissions); // never of a link
            }
        }
    }

    void give() throws IOException {
        if (user.isPresent()) {
            for (Path directory : directories) {
                give(new File(directory));
            }
        }
    }

    private void give(File file) throws IOException {
        if (file.is(REGULAR) && file.hasOtherNames()) {
            shared.add(file.identity()); // it may be somebody else's, too
            return;
        }
        if (file.is(DIRECTORY)) {
            for (Path entry : Disk.list(file.path())) {
                give(new File(entry));
            }
        }
        file.own(user.orElseThrow());
    }

    /**
     * @return what had to be removed, as paths for people
     * @throws IOException when something cannot be taken back: nothing of it must be used then
     */
    List<String> takeBack() throws IOException {
        for (Path directory : directories) {
            List<Path> links = new ArrayList<>();
            takeBack(new File(directory), links);
            for (Path link : links) {
                if (!stays(link, directory)) {
                    remove(link);
                }
            }
        }
        return removed;
    }

    private void takeBack(File file, List<Path> links) throws IOException {
        if (file.is(LINK)) {
            file.own(self);
            links.add(file.path());
        } else if (file.is(DIRECTORY)) {
            file.own(self);
            file.permit(OPEN_DIRECTORY);
            for (Path entry : Disk.list(file.path())) {
                takeBack(new File(entry), links);
            }
        } else if (file.is(REGULAR) && isOfCommand(file)) {
            file.own(self);
            file.permit((file.mode() & ANY_EXECUTE) == 0 ? OPEN_FILE : OPEN_DIRECTORY);
        } else if (!file.is(REGULAR) || !isShared(file)) {
            remove(file.path());
        }
    }

    private boolean isOfCommand(File file) {
        return file.uid() == user.orElse(self) && (user.isPresent() || !file.hasOtherNames());
    }

    /** Whether it is what it was before; without a user of its own a command can only name what it could write anyway. */
    private boolean isShared(File file) {
        return user.isEmpty() ? file.uid() == self : shared.contains(file.identity());
    }

    /** Whether a link leads to something in the directory, and would also if the directory were somewhere else. */
    private static boolean stays(Path link, Path directory) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (target.isAbsolute() || climbs(directory.relativize(link.getParent()).resolve(target))) {
            return false;
        }
        try {
            return link.toRealPath().startsWith(directory.toRealPath());
        } catch (IOException leadsNowhere) {
            return false;
        }
    }

    private static boolean climbs(Path relative) {
        int depth = 0;
        for (Path name : relative) {
            if (name.toString().equals("..")) {
                depth--;
            } else if (!name.toString().isEmpty() && !name.toString().equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    private void remove(Path path) throws IOException {
        Files.delete(path);
        removed.add(path.toString());
    }
}
