package org.ocpu.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds packages: the global ones in R's own library directories, those of Linux users, the synced ones, and the hosted apps. */
public final class Libraries {
    private final List<LibraryDirectory> global;
    private final UserLibraries users;
    private final HostedApps apps;
    private final Map<String, SyncedLibrary> synced;

    /** @param synced by name */
    Libraries(List<Path> global, UserLibraries users, HostedApps apps, Map<String, SyncedLibrary> synced) {
        this.global = global.stream().map(LibraryDirectory::new).toList();
        this.users = users;
        this.apps = apps;
        this.synced = Map.copyOf(synced);
    }

    /**
     * A library that the server keeps in sync with repositories.
     *
     * @param name {@code cran} or {@code bioc}
     */
    public SyncedLibrary synced(String name) {
        return synced.get(name);
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

    /** A package as it was found once; if that version is gone, the one that is at its place now, if any. */
    Optional<PackageRef> nowOf(PackageRef before) {
        if (Files.isDirectory(before.directory())) {
            return Optional.of(before);
        }
        String[] place = before.place().split("/", 3);
        if (place.length == 3 && place[0].equals("apps")) {
            return apps.find(place[1], place[2]);
        }
        return place.length == 2 && synced.containsKey(place[0])
                ? synced.get(place[0]).find(place[1])
                : Optional.empty();
    }

    /** The libraries R searches for a package: its own first, then the global ones. */
    List<Path> searchedBy(PackageRef ref) {
        return Stream.concat(Stream.of(ref.library()), global().stream())
                .distinct()
                .toList();
    }

    /**
     * What is to be readable for that package to be loaded: its library, and where links in the library lead. A synced library has
     * many of these, all below one directory.
     */
    List<Path> readable(PackageRef ref) {
        String part = ref.place().split("/", 2)[0];
        return synced.containsKey(part) ? List.of(synced.get(part).path()) : withLinks(ref.library());
    }

    private static List<Path> withLinks(Path library) {
        List<Path> all = new ArrayList<>(List.of(library));
        try (Stream<Path> entries = Files.list(library)) {
            for (Path entry : entries.filter(Files::isSymbolicLink).toList()) {
                if (Files.exists(entry)) {
                    all.add(entry.toRealPath());
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list a library", e);
        }
    }

    List<Path> global() {
        return global.stream().map(LibraryDirectory::path).toList();
    }
}
