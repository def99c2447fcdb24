package org.ocpu.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code apps/<owner>/<app>/current -> versions/<build>}, which the builder switches. An app's directory is called {@code
 * repo}, {@code repo:part} for one of several packages of a repository, and either with {@code @preview}. Names are
 * case-insensitive, as on GitHub; on disk they are lower case.
 */
public final class HostedApps {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    /** Of an app below its owner's address. Neither it nor the directory it names leads elsewhere. */
    private static final Pattern APP = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}"
            + "(/[A-Za-z][A-Za-z0-9._-]{0,99})?(@[A-Za-z0-9_][A-Za-z0-9._~-]{0,99})?");

    private static final Pattern BUILD = Pattern.compile("[0-9]{1,18}");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path apps;
    private final Cache<Path, HostedApp> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    public HostedApps(Path apps) {
        this.apps = apps;
    }

    /** Every live app, by owner and repository; no previews. */
    public List<HostedApp> list() {
        return children(apps).stream().flatMap(owner -> list(owner).stream()).toList();
    }

    /** The live apps of an owner; empty when there is none. */
    public List<HostedApp> list(String owner) {
        if (!OWNER.matcher(owner).matches()) {
            return List.of();
        }
        Path directory = apps.resolve(lower(owner));
        return children(directory).stream()
                .flatMap(app -> current(directory.resolve(app)).flatMap(this::read).stream())
                .filter(app -> app.preview().isEmpty())
                .toList();
    }

    /**
     * The live version of an app; its place is {@code apps/owner/path} in lower case.
     *
     * @param path below the owner's address: {@code repo}, {@code repo/part}, and either with {@code @preview}
     */
    public Optional<PackageRef> find(String owner, String path) {
        return directory(owner, path).flatMap(HostedApps::current).flatMap(version -> read(version)
                .map(app -> ref(version, app, owner, path)));
    }

    /**
     * The version of an app whose source package has this name: the live one, or else the newest of those that are kept, since an
     * index that a client read before the last push names theirs.
     *
     * @param path as for {@link #find}
     * @param closedToo also when not anyone may read the app's repository
     */
    public Optional<PackageRef> findSource(String owner, String path, String file, boolean closedToo) {
        Optional<Path> directory = directory(owner, path);
        Optional<Path> live = directory.flatMap(HostedApps::current);
        if (live.flatMap(this::read).filter(app -> app.offersSource(closedToo)).isEmpty()) {
            return Optional.empty();
        }
        return Stream.concat(live.stream(), versions(directory.get()))
                .flatMap(version -> read(version)
                        .filter(app -> app.offersSource(closedToo))
                        .filter(app -> app.source().orElseThrow().file().equals(file))
                        .map(app -> ref(version, app, owner, path))
                        .stream())
                .findFirst();
    }

    private static PackageRef ref(Path version, HostedApp app, String owner, String path) {
        return new PackageRef(
                version,
                app.packageName(),
                lower("apps/" + owner + "/" + path),
                version.getFileName().toString());
    }

    private Optional<Path> directory(String owner, String path) {
        return OWNER.matcher(owner).matches() && APP.matcher(path).matches()
                ? Optional.of(apps.resolve(lower(owner)).resolve(lower(path).replace('/', ':')))
                : Optional.empty();
    }

    /** All versions of an app, newest first. */
    private static Stream<Path> versions(Path app) {
        Path versions = app.resolve("versions");
        return children(versions).stream()
                .filter(name -> BUILD.matcher(name).matches())
                .sorted(Comparator.comparing((String name) -> Long.valueOf(name))
                        .reversed())
                .flatMap(name -> real(versions.resolve(name)).stream());
    }

    private static Optional<Path> current(Path app) {
        return real(app.resolve("current"));
    }

    private static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    private Optional<HostedApp> read(Path version) {
        return Optional.ofNullable(known.get(version, HostedApps::parse));
    }

    /** Null when the version is no longer there, which the cache then does not keep. */
    private static HostedApp parse(Path version) {
        try {
            JsonNode app = JSON.readTree(version.resolve("app.json").toFile());
            return new HostedApp(
                    app.path("owner").asText(),
                    app.path("repo").asText(),
                    Optional.ofNullable(app.path("part").textValue()),
                    Optional.ofNullable(app.path("preview").textValue()),
                    app.path("package").asText(),
                    app.path("title").asText(),
                    app.path("version").asText(),
                    app.path("commit").asText(),
                    app.path("build").asLong(),
                    Instant.parse(app.path("publishedAt").asText()),
                    app.path("open").asBoolean(),
                    source(app.path("source")));
        } catch (FileNotFoundException absent) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<PackageSource> source(JsonNode source) throws IOException {
        return source.isObject() ? Optional.of(JSON.treeToValue(source, PackageSource.class)) : Optional.empty();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static List<String> children(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString())
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
