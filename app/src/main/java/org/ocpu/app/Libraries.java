package org.ocpu.app;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds packages: the global ones in R's own library directories, those of Linux users, and the hosted apps. */
public final class Libraries {
    private final List<LibraryDirectory> global;
    private final UserLibraries users;
    private final HostedApps apps;

    Libraries(List<Path> global, UserLibraries users, HostedApps apps) {
        this.global = global.stream().map(LibraryDirectory::new).toList();
        this.users = users;
        this.apps = apps;
    }

    public HostedApps apps() {
        return apps;
    }

    public UserLibraries users() {
        return users;
    }

    /** The names of all globally installed packages. */
    public List<String> globalPackages() {
        TreeSet<String> names = new TreeSet<>(ListOrder.INSTANCE);
        global.forEach(library -> names.addAll(library.packages()));
        return List.copyOf(names);
    }

    public PackageRef globalPackage(String name) {
        return global.stream()
                .flatMap(library -> library.find(name, PackageRef.GLOBAL).stream())
                .findFirst()
                .orElseThrow(() -> new NotFoundException("Package " + name + " is not installed on this server."));
    }

    /**
     * The live version of an app.
     *
     * @param path below the owner's address, as {@link HostedApps#find} takes it
     */
    public PackageRef app(String owner, String path) {
        return apps.find(owner, path)
                .orElseThrow(() ->
                        new NotFoundException("Github App " + owner + "/" + path + " not installed on this server"));
    }

    /** The libraries R searches for a package: its own first, then the global ones. */
    List<Path> searchedBy(PackageRef ref) {
        return Stream.concat(Stream.of(ref.library()), global().stream())
                .distinct()
                .toList();
    }

    List<Path> global() {
        return global.stream().map(LibraryDirectory::path).toList();
    }
}
