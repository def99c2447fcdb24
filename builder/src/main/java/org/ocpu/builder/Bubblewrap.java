package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The walls around a command: it sees the system, R and what it is given, nothing else of the machine's files, no process but
 * its own, and the kernel ends everything inside with its first process. The network is the machine's, since dependencies
 * come over it.
 */
final class Bubblewrap {
    /** What of the system is shown, read-only, where it exists. */
    private static final List<String> SYSTEM = List.of(
            "/usr",
            "/bin",
            "/sbin",
            "/lib",
            "/lib32",
            "/lib64",
            "/libx32",
            "/opt",
            "/etc",
            "/nix/store",
            "/gnu/store",
            "/var/lib/texmf",
            "/var/cache/fontconfig");

    /** What of it is nobody's business even where its permissions are wide. */
    private static final List<String> SECRETS = List.of("/etc/ssh", "/etc/ssl/private", "/etc/pki/tls/private");

    private final String program;
    private final boolean changesUser;
    private final Path data;
    private final List<String> system = new ArrayList<>();
    private final Set<Path> shown = new LinkedHashSet<>();

    /**
     * @param program bubblewrap
     * @param changesUser whether what runs inside begins as root and becomes another user
     * @param data the server's data, hidden even if it lies in what is shown
     * @param r R's own directories
     */
    Bubblewrap(String program, boolean changesUser, Path data, List<Path> r) {
        this.program = program;
        this.changesUser = changesUser;
        this.data = data;
        SYSTEM.stream().map(Path::of).forEach(this::showSystem);
        r.forEach(this::showSystem);
        hideSecrets();
        if (shown.stream().anyMatch(data::startsWith)) {
            system.addAll(List.of("--perms", "0755", "--tmpfs", data.toString()));
        }
    }

    /** What has to stand before the command. */
    List<String> prefix(SandboxedCommand command, Rooms rooms) {
        List<String> all = new ArrayList<>(List.of("setsid", program, "--die-with-parent", "--new-session"));
        all.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "build"));
        all.addAll(List.of("--cap-drop", "ALL"));
        if (changesUser) {
            all.addAll(List.of("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"));
        }
        all.addAll(system);
        all.addAll(List.of("--dev", "/dev", "--bind", rooms.shared().toString(), "/dev/shm", "--remount-ro", "/dev"));
        all.addAll(List.of("--proc", "/proc", "--bind", rooms.temporary().toString(), "/tmp"));
        parents(command, rooms).forEach(parent -> all.addAll(List.of("--perms", "0755", "--dir", parent.toString())));
        command.readable().forEach(path -> all.addAll(List.of("--ro-bind", path.toString(), path.toString())));
        command.writable().forEach(path -> all.addAll(List.of("--bind", path.toString(), path.toString())));
        all.addAll(List.of("--bind", rooms.home().toString(), rooms.home().toString()));
        all.addAll(List.of("--remount-ro", "/", "--chdir", rooms.home().toString(), "--"));
        return all;
    }

    /** The directories above what is given, which bubblewrap itself would make for root alone. */
    private Set<Path> parents(SandboxedCommand command, Rooms rooms) {
        Set<Path> all = new LinkedHashSet<>();
        List<Path> given = new ArrayList<>(command.readable());
        given.addAll(command.writable());
        given.add(rooms.home());
        given.forEach(path -> addParents(path, all));
        all.removeIf(parent -> shown.stream().anyMatch(parent::startsWith) && !parent.startsWith(data));
        return all;
    }

    private static void addParents(Path path, Set<Path> all) {
        Path parent = path.getParent();
        if (parent != null && parent.getNameCount() > 0) {
            addParents(parent, all);
            all.add(parent);
        }
    }

    private void showSystem(Path path) {
        if (shown.stream().anyMatch(path::startsWith)) {
            return;
        }
        try {
            if (Files.isSymbolicLink(path)) {
                Path target = Files.readSymbolicLink(path);
                system.addAll(List.of("--symlink", target.toString(), path.toString()));
            } else if (Files.exists(path)) {
                Set<Path> above = new LinkedHashSet<>();
                addParents(path, above);
                above.forEach(parent -> system.addAll(List.of("--perms", "0755", "--dir", parent.toString())));
                system.addAll(List.of("--ro-bind", path.toString(), path.toString()));
                shown.add(path);
            }
        } catch (IOException e) {
            throw new BuilderException(path + " cannot be read", e);
        }
    }

    /** In {@code /etc}, what not everybody may read; and shows the files that links lead to outside of it. */
    private void hideSecrets() {
        hideSecrets(Path.of("/etc"));
        Disk.list(Path.of("/etc")).stream().filter(Files::isSymbolicLink).forEach(this::showTarget);
        SECRETS.stream().map(Path::of).filter(Files::exists).forEach(this::hide);
    }

    private void hideSecrets(Path directory) {
        for (Path entry : Disk.list(directory)) {
            if (Files.isSymbolicLink(entry)) {
                continue; // what it leads to is looked at where it is
            }
            if (isSecret(entry)) {
                hide(entry);
            } else if (Files.isDirectory(entry)) {
                hideSecrets(entry);
            }
        }
    }

    /** The target of, for example, {@code /etc/resolv.conf}, which may lie in {@code /run}. */
    private void showTarget(Path link) {
        try {
            Path target = link.toRealPath();
            if (Files.isRegularFile(target)
                    && shown.stream().noneMatch(target::startsWith)
                    && !target.startsWith("/proc")) {
                system.addAll(List.of("--ro-bind", target.toString(), target.toString()));
            }
        } catch (IOException leadsNowhere) {
            // so it does inside
        }
    }

    private void hide(Path secret) {
        system.addAll(
                Files.isDirectory(secret, LinkOption.NOFOLLOW_LINKS)
                        ? List.of("--tmpfs", secret.toString())
                        : List.of("--ro-bind", "/dev/null", secret.toString()));
    }

    private static boolean isSecret(Path entry) {
        try {
            return !Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS)
                    .contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            throw new BuilderException(entry + " cannot be read", e);
        }
    }
}
