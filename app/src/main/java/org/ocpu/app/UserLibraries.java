package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The home libraries of Linux users, where R's {@code R_LIBS_USER} is by default (see {@code ?libPaths}). */
public final class UserLibraries {
    private static final int NAME = 0;
    private static final int HOME = 5;

    private final Path passwd;
    private final Path belowHome;

    /**
     * @param passwd a file as in passwd(5)
     * @param belowHome where a library is below a home directory, such as {@code R/x86_64-pc-linux-gnu-library/4.2}
     */
    UserLibraries(Path passwd, Path belowHome) {
        this.passwd = passwd;
        this.belowHome = belowHome;
    }

    /** Names of the users that have a library. */
    public List<String> users() {
        return homes().entrySet().stream()
                .filter(user -> isLibrary(user.getValue().resolve(belowHome)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether there is a user of that name who has a library. */
    public boolean hasLibrary(String user) {
        return directory(user).isPresent();
    }

    public List<String> packages(String user) {
        return library(user).packages();
    }

    public PackageRef find(String user, String name) {
        return library(user)
                .find(name, "user/" + user)
                .orElseThrow(() -> new NotFoundException(
                        "Package " + name + " is not installed in the library of user " + user + "."));
    }

    private LibraryDirectory library(String user) {
        return directory(user).map(LibraryDirectory::new).orElseThrow(() -> notFound(user));
    }

    /** Who has no library is not told apart from who is no user of this machine: their names are nobody's business. */
    public static NotFoundException notFound(String user) {
        return new NotFoundException("User " + user + " not found.");
    }

    private Optional<Path> directory(String user) {
        return Optional.ofNullable(homes().get(user))
                .map(home -> home.resolve(belowHome))
                .filter(UserLibraries::isLibrary);
    }

    /** One that this server may read. */
    private static boolean isLibrary(Path directory) {
        return Files.isDirectory(directory) && Files.isReadable(directory) && Files.isExecutable(directory);
    }

    private Map<String, Path> homes() {
        try {
            String lines =
                    new String(Files.readAllBytes(passwd), StandardCharsets.UTF_8); // a full name may be in Latin-1
            Map<String, Path> homes = new TreeMap<>();
            lines.lines()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields.length > HOME && fields[HOME].startsWith("/"))
                    .forEach(fields -> path(fields[HOME]).ifPresent(home -> homes.putIfAbsent(fields[NAME], home)));
            return homes;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the list of users", e);
        }
    }

    private static Optional<Path> path(String home) {
        try {
            return Optional.of(Path.of(home));
        } catch (InvalidPathException none) {
            return Optional.empty();
        }
    }
}
