package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one index, line by line. One use: {@link #call}. */
final class PackageIndexParser {
    private static final Set<String> FIELDS =
            Set.of("Package", "Version", "Depends", "Imports", "LinkingTo", "MD5sum", "Path", "Priority", "OS_type");
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z0-9_+~-][A-Za-z0-9._+~-]*(/[A-Za-z0-9_+~-][A-Za-z0-9._+~-]*)*");
    private static final int MOST_NOTES = 20;

    private final URI repository;
    private final URI contrib;
    private final IndexLines lines;
    private final Map<String, List<IndexEntry>> byName = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private int notesLeftOut;
    private int packages;

    /** Most packages name the same few requirements and paths. */
    private final Map<String, List<Requirement>> parsed = new HashMap<>();

    private final Map<String, Optional<URI>> directories = new HashMap<>();

    PackageIndexParser(URI repository, IndexLines lines) {
        this.repository = repository;
        this.contrib = PackageIndex.contrib(repository);
        this.lines = lines;
    }

    PackageIndex call() throws IOException {
        Map<String, String> entry = new HashMap<>();
        String current = "";
        Optional<String> line = lines.next();
        while (line.isPresent()) {
            String text = line.get();
            if (text.isBlank()) {
                end(entry);
                current = "";
            } else if (text.charAt(0) == ' ' || text.charAt(0) == '\t') {
                entry.computeIfPresent(current, (field, value) -> value + " " + text.strip());
            } else if (text.charAt(0) != '#') {
                current = field(text, entry);
            }
            line = lines.next();
        }
        end(entry);
        if (packages == 0) {
            throw new BuildFailure(lines.number() == 0 ? "it is empty" : "it has no packages");
        }
        if (notesLeftOut > 0) {
            notes.add("... and %d more".formatted(notesLeftOut));
        }
        return new PackageIndex(repository, byName, notes);
    }

    /** Notes a field if it matters. */
    private String field(String line, Map<String, String> entry) {
        int colon = line.indexOf(':');
        if (colon < 1 || line.lastIndexOf(' ', colon) >= 0 || line.charAt(0) == '<') {
            throw new BuildFailure(
                    "line %d is not one of an index of packages: %s".formatted(lines.number(), Text.line(line, 80)));
        }
        String name = line.substring(0, colon);
        if (FIELDS.contains(name)) {
            entry.put(name, line.substring(colon + 1).strip());
        }
        return name;
    }

    private void end(Map<String, String> fields) {
        if (fields.containsKey("Package")) {
            packages++;
            add(fields);
        } else if (!fields.isEmpty()) {
            note("an entry without a name, before line " + lines.number());
        }
        fields.clear();
    }

    private void add(Map<String, String> fields) {
        String name = fields.get("Package");
        String version = fields.getOrDefault("Version", "");
        Optional<String> md5 = Optional.ofNullable(fields.get("MD5sum")).filter(text -> !text.isEmpty());
        Optional<URI> directory = directories.computeIfAbsent(fields.getOrDefault("Path", ""), this::directory);
        if (!Description.isName(name)) {
            refuse(name, "this is not a name");
        } else if (!Description.isVersion(version) || RVersion.of(version).isEmpty()) {
            refuse(name, "not a version: " + version);
        } else if (directory.isEmpty()) {
            refuse(name, "not a path: " + fields.get("Path"));
        } else if (md5.filter(text -> !MD5.matcher(text).matches()).isPresent()) {
            refuse(name, "not an MD5 sum: " + md5.get());
        } else if (concernsUs(fields)) {
            IndexEntry entry = new IndexEntry(
                    name, version, md5.map(text -> text.toLowerCase(Locale.ROOT)), directory.get(), needs(fields));
            byName.computeIfAbsent(name, first -> new ArrayList<>(1)).add(entry);
        }
    }

    private static boolean concernsUs(Map<String, String> fields) {
        return !"windows".equalsIgnoreCase(fields.get("OS_type")) && !"base".equals(fields.get("Priority"));
    }

    private Optional<URI> directory(String path) {
        if (path.isEmpty()) {
            return Optional.of(contrib);
        }
        return PATH.matcher(path).matches() ? Optional.of(URI.create(contrib + "/" + path)) : Optional.empty();
    }

    private List<Requirement> needs(Map<String, String> fields) {
        List<Requirement> needs = new ArrayList<>();
        for (String field : Requirement.FIELDS) {
            String items = fields.getOrDefault(field, "");
            int from = 0;
            while (from < items.length()) {
                int comma = items.indexOf(',', from);
                int end = comma < 0 ? items.length() : comma;
                needs.addAll(parsed.computeIfAbsent(items.substring(from, end).strip(), this::parse));
                from = end + 1;
            }
        }
        return List.copyOf(needs);
    }

    /** Of what cannot be understood the name at least, and nothing of what is none. */
    private List<Requirement> parse(String item) {
        Optional<Requirement> one = Requirement.parse(item).filter(PackageIndexParser::canBeMet);
        if (one.isPresent() || item.isEmpty() || Requirement.isRevisionOfR(item)) {
            return one.stream().toList();
        }
        note("not understood what is needed: " + item);
        String name = item.split("[\\s(]", 2)[0];
        return Description.isName(name) ? List.of(new Requirement(name, "", "")) : List.of();
    }

    private static boolean canBeMet(Requirement need) {
        return need.operator().isEmpty() || RVersion.of(need.version()).isPresent();
    }

    private void refuse(String name, String reason) {
        note("refused %s: %s".formatted(name, reason));
    }

    private void note(String text) {
        if (notes.size() < MOST_NOTES) {
            notes.add(Text.line(text, 200));
        } else {
            notesLeftOut++;
        }
    }
}
