package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a CRAN-like repository has: its {@code src/contrib/PACKAGES}, see {@code ?write_PACKAGES} in R. Immutable.
 *
 * <p>Packages for Windows only and those that are part of R are left out.
 */
final class PackageIndex {
    private final URI repository;
    private final Map<String, List<IndexEntry>> byName;
    private final List<String> notes;

    /** @param byName in the order of the index; a name can have several versions */
    PackageIndex(URI repository, Map<String, List<IndexEntry>> byName, List<String> notes) {
        this.repository = repository;
        this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        this.notes = List.copyOf(notes);
    }

    /**
     * Reads an index.
     *
     * @param repository above {@code src/contrib}
     * @param most bytes it may have
     * @throws BuildFailure saying what is wrong with it, without its address
     */
    static PackageIndex read(URI repository, InputStream in, long most) throws IOException {
        return new PackageIndexParser(repository, new IndexLines(in, most)).call();
    }

    /** The directory of a repository that has its index and its packages. */
    static URI contrib(URI repository) {
        return URI.create(repository.toString().replaceAll("/+$", "") + "/src/contrib");
    }

    URI repository() {
        return repository;
    }

    Set<String> names() {
        return byName.keySet();
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** All versions of a package, as they come; none when it does not have the package. */
    List<IndexEntry> versions(String name) {
        return byName.getOrDefault(name, List.of());
    }

    Optional<IndexEntry> find(String name, String version) {
        return versions(name).stream()
                .filter(entry -> entry.version().equals(version))
                .findFirst();
    }

    /** For people: which entries were refused, and why. */
    List<String> notes() {
        return notes;
    }

    @Override
    public String toString() {
        return repository + " (" + byName.size() + " packages)";
    }
}
