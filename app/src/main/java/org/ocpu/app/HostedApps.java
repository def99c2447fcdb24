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
 * Reads {@code apps/<owner>/<repo>/current -> versions/<build>}, which the builder switches. Names are case-insensitive, as on
 * GitHub; on disk they are lower case.
 */
public final class HostedApps {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path apps;
    private final Cache<Path, HostedApp> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    public HostedApps(Path apps) {
        this.apps = apps;
    }

    /** Every live app, by owner and repository. */
    public List<HostedApp> list() {
        return children(apps).stream().flatMap(owner -> list(owner).stream()).toList();
    }

    /** The live apps of an owner; empty when there is none. */
    public List<HostedApp> list(String owner) {
        if (!NAME.matcher(owner).matches()) {
            return List.of();
        }
        String name = owner.toLowerCase(Locale.ROOT);
        return children(apps.resolve(name)).stream()
                .flatMap(repo -> current(name, repo).flatMap(this::read).stream())
                .toList();
    }

    /** The live version of an app; its place is {@code apps/owner/repo} in lower case. */
    public Optional<PackageRef> find(String owner, String repo) {
        return version(owner, repo).flatMap(version -> read(version)
                .map(app -> new PackageRef(
                        version,
                        app.packageName(),
                        ("apps/" + owner + "/" + repo).toLowerCase(Locale.ROOT),
                        version.getFileName().toString())));
    }

    /** What is known of the live version of an app. */
    public Optional<HostedApp> app(String owner, String repo) {
        return version(owner, repo).flatMap(this::read);
    }

    private Optional<Path> version(String owner, String repo) {
        if (!NAME.matcher(owner).matches() || !NAME.matcher(repo).matches()) {
            return Optional.empty();
        }
        return current(owner.toLowerCase(Locale.ROOT), repo.toLowerCase(Locale.ROOT));
    }

    private Optional<Path> current(String owner, String repo) {
        Path link = apps.resolve(owner).resolve(repo).resolve("current");
        try {
            return Optional.of(link.toRealPath());
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
                    app.path("package").asText(),
                    app.path("title").asText(),
                    app.path("version").asText(),
                    app.path("commit").asText(),
                    app.path("build").asLong(),
                    Instant.parse(app.path("publishedAt").asText()));
        } catch (FileNotFoundException absent) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
