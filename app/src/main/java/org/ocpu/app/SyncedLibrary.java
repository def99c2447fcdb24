package org.ocpu.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code <library>/current -> versions/<n>}, which the builder switches: a directory of links {@code <package> ->
 * ../../packages/<package>/<id>/<package>}. What a request resolves stays as it is for all of it, whatever is installed meanwhile.
 */
public final class SyncedLibrary {
    /** The libraries there are; each is at the address of its name. */
    public static final List<String> NAMES = List.of("cran", "bioc");

    private final String name;
    private final Path path;

    SyncedLibrary(String name, Path path) {
        this.name = name;
        this.path = path;
    }

    public String name() {
        return name;
    }

    /** Everything of it is below that directory. */
    Path path() {
        return path;
    }

    /** The names of its packages. */
    public List<String> packages() {
        return now(version ->
                        Optional.of(new LibraryDirectory(version).packages()).filter(names -> !names.isEmpty()))
                .orElse(List.of());
    }

    /** The package as it is now, told apart from other versions by what is installed under its name. */
    public Optional<PackageRef> find(String packageName) {
        return now(version -> installed(version, packageName));
    }

    private Optional<PackageRef> installed(Path version, String packageName) {
        LibraryDirectory library = new LibraryDirectory(version);
        if (!library.has(packageName)) {
            return Optional.empty();
        }
        try {
            Path real = version.resolve(packageName).toRealPath();
            String id = real.getParent().getFileName().toString();
            return Optional.of(new PackageRef(version, packageName, name + "/" + packageName, id));
        } catch (IOException removed) {
            return Optional.empty();
        }
    }

    /** Looks into the live version; again if it was replaced meanwhile, since an unused one goes at once. */
    private <T> Optional<T> now(Function<Path, Optional<T>> look) {
        Optional<Path> version = current();
        while (version.isPresent()) {
            Optional<T> found = look.apply(version.get());
            Optional<Path> after = current();
            if (found.isPresent() || after.equals(version)) {
                return found;
            }
            version = after;
        }
        return Optional.empty();
    }

    private Optional<Path> current() {
        try {
            return Optional.of(path.resolve("current").toRealPath());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
