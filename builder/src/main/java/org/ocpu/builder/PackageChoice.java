package org.ocpu.builder;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What several repositories together have for one R: of each package the highest version, of equal ones that of the first. */
final class PackageChoice {
    private final List<PackageIndex> indexes;
    private final List<PackageIndex> binaries;
    private final String r;

    PackageChoice(List<PackageIndex> indexes, List<PackageIndex> binaries, String r) {
        this.indexes = List.copyOf(indexes);
        this.binaries = List.copyOf(binaries);
        this.r = r;
    }

    /** All names, also of what needs another R. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        indexes.forEach(index -> names.addAll(index.names()));
        return names;
    }

    boolean has(String name) {
        return indexes.stream().anyMatch(index -> index.has(name));
    }

    /** What this R can have. */
    Optional<IndexEntry> best(String name) {
        return highest(versions(name).filter(entry -> unmetByR(entry).isEmpty()));
    }

    /** The highest version, whatever R it needs. */
    Optional<IndexEntry> newest(String name) {
        return highest(versions(name));
    }

    /** The same package, built for this R. */
    Optional<IndexEntry> binary(IndexEntry entry) {
        return binaries.stream()
                .flatMap(index -> index.find(entry.name(), entry.version()).stream())
                .findFirst();
    }

    /** Why there is nothing for this R, as the end of a sentence that begins with the name. */
    String lack(String name) {
        return newest(name)
                .flatMap(this::unmetByR)
                .map(need -> "needs %s; this server has R %s".formatted(need, r))
                .orElse("is in none of the repositories " + repositories());
    }

    /** What was refused in the indexes. */
    List<String> notes() {
        return Stream.concat(indexes.stream(), binaries.stream())
                .flatMap(index -> index.notes().stream()
                        .map(note -> "%s: %s".formatted(RepositoryFiles.shown(index.repository()), note)))
                .toList();
    }

    private String repositories() {
        return indexes.stream()
                .map(index -> RepositoryFiles.shown(index.repository()))
                .collect(Collectors.joining(", "));
    }

    private Stream<IndexEntry> versions(String name) {
        return indexes.stream().flatMap(index -> index.versions(name).stream());
    }

    private Optional<Requirement> unmetByR(IndexEntry entry) {
        for (Requirement need : entry.needs()) {
            if (need.name().equals("R") && !need.isMetBy(r)) {
                return Optional.of(need);
            }
        }
        return Optional.empty();
    }

    private static Optional<IndexEntry> highest(Stream<IndexEntry> entries) {
        return entries.reduce((first, other) -> compare(other.version(), first.version()) > 0 ? other : first);
    }

    /** As R orders versions; what is none comes before all others. */
    static int compare(String one, String other) {
        Optional<RVersion> left = RVersion.of(one);
        Optional<RVersion> right = RVersion.of(other);
        return left.isPresent() && right.isPresent()
                ? left.get().compareTo(right.get())
                : Boolean.compare(left.isPresent(), right.isPresent());
    }
}
