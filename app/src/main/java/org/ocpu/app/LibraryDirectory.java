package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory that R installs packages into, one directory each. */
record LibraryDirectory(Path path) {
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z][A-Za-z0-9.]*");

    List<String> packages() {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(LibraryDirectory::isPackage)
                    .map(entry -> entry.getFileName().toString())
                    .sorted(ListOrder.INSTANCE)
                    .toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The package of that name; a version of {@code place/name}, told apart by when it was installed. */
    Optional<PackageRef> find(String name, String place) {
        return has(name)
                ? Optional.of(new PackageRef(path, name, place + "/" + name, stamp(path.resolve(name))))
                : Optional.empty();
    }

    boolean has(String name) {
        return PACKAGE.matcher(name).matches() && isPackage(path.resolve(name));
    }

    private static boolean isPackage(Path directory) {
        return Files.isRegularFile(directory.resolve("DESCRIPTION"));
    }

    private static String stamp(Path directory) {
        try {
            return Files.getLastModifiedTime(directory.resolve("DESCRIPTION")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
