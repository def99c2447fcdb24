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
import java.util.stream.Stream;

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
                .filter(user -> Files.isDirectory(user.getValue().resolve(belowHome)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a user has a library. */
    public boolean hasLibrary(String user) {
        return Files.isDirectory(home(user).resolve(belowHome));
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
        if (!hasLibrary(user)) {
            throw new NotFoundException("R package library for user " + user + " not found.");
        }
        return new LibraryDirectory(home(user).resolve(belowHome));
    }

    private Path home(String user) {
        return Optional.ofNullable(homes().get(user))
                .orElseThrow(() -> new NotFoundException("User " + user + " not found."));
    }

    private Map<String, Path> homes() {
        try (Stream<String> lines = Files.lines(passwd, StandardCharsets.UTF_8)) {
            Map<String, Path> homes = new TreeMap<>();
            lines.map(line -> line.split(":"))
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
