package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packages in R's own libraries, which others may change at any time. There can be many, so what each says of itself is read
 * again only when its file is another one. Thread-safe.
 */
final class GlobalPackages {
    private static final Logger log = LoggerFactory.getLogger(GlobalPackages.class);

    private final List<Path> libraries;
    private Map<Path, Known> known = Map.of();

    /** Of a DESCRIPTION. */
    private record Known(FileTime modified, long size, Optional<Object> file, Optional<String> version) {
        boolean isOf(BasicFileAttributes now) {
            return modified.equals(now.lastModifiedTime())
                    && size == now.size()
                    && file.equals(Optional.ofNullable(now.fileKey()));
        }
    }

    /** @param libraries in the order in which R searches them */
    GlobalPackages(List<Path> libraries) {
        this.libraries = List.copyOf(libraries);
    }

    /** Versions by name; the first library that has a package counts. What has no readable DESCRIPTION is none, as for R. */
    synchronized Map<String, String> versions() {
        Map<Path, Known> now = new HashMap<>();
        Map<String, String> versions = new HashMap<>();
        for (Path library : libraries) {
            for (Path one : Disk.list(library)) {
                Optional<Known> found = look(one.resolve("DESCRIPTION"));
                found.ifPresent(it -> now.put(one, it));
                found.flatMap(Known::version)
                        .ifPresent(version ->
                                versions.putIfAbsent(one.getFileName().toString(), version));
            }
        }
        known = now;
        return versions;
    }

    private Optional<Known> look(Path description) {
        try {
            BasicFileAttributes now = Files.readAttributes(description, BasicFileAttributes.class);
            Known before = known.get(description.getParent());
            if (before != null && before.isOf(now)) {
                return Optional.of(before);
            }
            return Optional.of(new Known(
                    now.lastModifiedTime(), now.size(), Optional.ofNullable(now.fileKey()), version(description)));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            return unreadable(description, e);
        }
    }

    private static Optional<String> version(Path description) throws IOException {
        if (!Files.isRegularFile(description)) {
            return Optional.empty();
        }
        try (InputStream content = Files.newInputStream(description)) {
            return Optional.ofNullable(Description.fieldsOf(content).get("Version"));
        } catch (BuildFailure e) {
            return unreadable(description, e);
        }
    }

    private static <T> Optional<T> unreadable(Path description, Exception e) {
        log.warn("{} cannot be read, so the package counts as not installed: {}", description, e.getMessage());
        return Optional.empty();
    }
}
