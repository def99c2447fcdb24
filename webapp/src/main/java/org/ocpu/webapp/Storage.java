package org.ocpu.webapp;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ocpu.app.DiskUse;
import org.ocpu.app.RpcService;
import org.ocpu.app.SessionConfig;
import org.ocpu.app.SessionCount;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildService;

/** What takes the disk of the data directory. Thread-safe. */
final class Storage {
    private static final List<String> PARTS =
            List.of("apps", "sessions", "cran", "bioc", "gist", "git", "cache", "db", "logs", "outbox", "work");

    /** Of each part; to look at more would take too long for a page. */
    private static final long MOST_ENTRIES = 200_000;

    private final Path data;
    private final RpcService rpc;
    private final BuildService builds;
    private final SessionConfig limits;

    /** @param limits of sessions */
    Storage(Path data, RpcService rpc, BuildService builds, SessionConfig limits) {
        this.data = data;
        this.rpc = rpc;
        this.builds = builds;
        this.limits = limits;
    }

    SessionConfig limits() {
        return limits;
    }

    /** By what made them. */
    List<SessionCount> sessions() {
        return rpc.sessionCounts();
    }

    /**
     * A part of the data directory.
     *
     * @param whole false: it is at least that much, and has too many files to count them all
     */
    record Part(String name, long bytes, boolean whole) {
        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", name);
            json.put("bytes", bytes);
            json.put("whole", whole);
            return json;
        }
    }

    /** What all versions of an owner's apps take. */
    record Owner(String name, int apps, int versions, long bytes) {
        private static Owner of(List<AppView> apps) {
            return new Owner(
                    apps.get(0).name().owner(),
                    apps.size(),
                    apps.stream().mapToInt(app -> app.versions().size()).sum(),
                    apps.stream().mapToLong(AppView::bytes).sum());
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("owner", name);
            json.put("apps", apps);
            json.put("versions", versions);
            json.put("bytes", bytes);
            return json;
        }
    }

    /** Takes a while. */
    List<Part> parts() {
        return PARTS.stream().map(this::part).toList();
    }

    private Part part(String name) {
        DiskUse use = DiskUse.below(data.resolve(name), MOST_ENTRIES);
        return new Part(name, use.space(), use.entries() <= MOST_ENTRIES);
    }

    /** Whoever has most first. */
    List<Owner> owners() {
        return builds.apps().stream()
                .collect(Collectors.groupingBy(
                        app -> app.name().owner().toLowerCase(Locale.ROOT), TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(Owner::of)
                .sorted((one, other) -> Long.compare(other.bytes(), one.bytes()))
                .toList();
    }
}
