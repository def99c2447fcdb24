package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds packages: the global ones in R's own library directories, and the hosted apps. */
public final class Libraries {
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z][A-Za-z0-9.]*");

    private final List<Path> global;
    private final HostedApps apps;

    Libraries(List<Path> global, HostedApps apps) {
        this.global = List.copyOf(global);
        this.apps = apps;
    }

    public HostedApps apps() {
        return apps;
    }

    /** The names of all globally installed packages. */
    public List<String> globalPackages() {
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Path library : global) {
            try (Stream<Path> entries = Files.list(library)) {
                entries.filter(Libraries::isPackage)
                        .forEach(entry -> names.add(entry.getFileName().toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(names);
    }

    public PackageRef globalPackage(String name) {
        return find(name)
                .orElseThrow(() -> new NotFoundException("Package " + name + " is not installed on this server."));
    }

    public PackageRef app(String owner, String repo) {
        return apps.find(owner, repo)
                .orElseThrow(() -> new NotFoundException("App " + owner + "/" + repo
                        + " is not installed on this server. See /ocpu/webhook on how to add it."));
    }

    /** The libraries R searches for a package: its own first, then the global ones. */
    List<Path> searchedBy(PackageRef ref) {
        return Stream.concat(Stream.of(ref.library()), global.stream())
                .distinct()
                .toList();
    }

    List<Path> global() {
        return global;
    }

    private Optional<PackageRef> find(String name) {
        if (!PACKAGE.matcher(name).matches()) {
            return Optional.empty();
        }
        return global.stream()
                .filter(library -> isPackage(library.resolve(name)))
                .findFirst()
                .map(library -> new PackageRef(library, name, "library/" + name, stamp(library.resolve(name))));
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
