package org.ocpu.builder;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The installed versions of all apps: {@code <owner>/<repo>/versions/<build>/} and the link {@code current} to the live one.
 *
 * <p>A version appears complete, by one rename, and goes live by another, so readers and crashes only ever see a whole one.
 */
final class AppLibrary {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path apps;
    private final Path trash;
    private final int keep;

    /**
     * @param trash on the same file system as the apps
     * @param keep versions of an app that stay
     */
    AppLibrary(Path apps, Path trash, int keep) {
        this.apps = apps;
        this.trash = trash;
        this.keep = keep;
    }

    /** Makes what the run has installed the live version; does nothing that hurts when a crash left that half done. */
    void publish(BuildRun run, Description description) {
        Path app = run.push().app().under(apps);
        Path version = version(app, run.id());
        try {
            Files.createDirectories(version.getParent());
            if (!Files.exists(version)) {
                describe(run, description);
                Disk.syncContents(run.library());
                Files.move(run.library(), version, StandardCopyOption.ATOMIC_MOVE);
                Disk.syncEntries(version.getParent());
            }
            Optional<Path> before = live(app);
            makeLive(app, version);
            discard(app, version, before);
        } catch (IOException e) {
            throw new BuildFailure("the package could not be published: " + e.getMessage(), e);
        }
    }

    /** Whether the version a build made is there: then it is complete. */
    boolean holds(AppName name, long build) {
        return Files.exists(version(name.under(apps), build));
    }

    /** The live version's directory. */
    Optional<Path> live(AppName name) {
        return live(name.under(apps));
    }

    /** The highest build number of all versions on disk; 0 when there are none. */
    long newest() {
        return Disk.list(apps).stream()
                .flatMap(owner -> Disk.list(owner).stream())
                .flatMap(app -> versions(app).stream())
                .mapToLong(AppLibrary::number)
                .max()
                .orElse(0);
    }

    private static Path version(Path app, long build) {
        return app.resolve("versions").resolve(Long.toString(build));
    }

    private static Optional<Path> live(Path app) {
        Path current = app.resolve("current");
        try {
            return Files.isSymbolicLink(current)
                    ? Optional.of(app.resolve(Files.readSymbolicLink(current)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new BuilderException(current + " cannot be read", e);
        }
    }

    private static void makeLive(Path app, Path version) throws IOException {
        Path next = app.resolve("next");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, app.relativize(version));
        Files.move(next, app.resolve("current"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Disk.syncEntries(app);
    }

    private void discard(Path app, Path live, Optional<Path> before) throws IOException {
        List<Path> old = new ArrayList<>(versions(app));
        old.sort(Comparator.comparingLong(AppLibrary::number).reversed());
        List<Path> surplus = old.subList(Math.min(keep, old.size()), old.size());
        surplus.removeIf(version ->
                version.equals(live) || before.filter(version::equals).isPresent());
        for (Path version : surplus) {
            Path gone = trash.resolve(app.getFileName() + "-" + version.getFileName());
            Files.move(version, gone, StandardCopyOption.ATOMIC_MOVE);
            Disk.delete(gone);
        }
    }

    private static List<Path> versions(Path app) {
        return Disk.list(app.resolve("versions")).stream()
                .filter(version -> version.getFileName().toString().matches("[0-9]{1,18}"))
                .toList();
    }

    private static long number(Path version) {
        return Long.parseLong(version.getFileName().toString());
    }

    private static void describe(BuildRun run, Description description) throws IOException {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("owner", run.push().app().owner());
        about.put("repo", run.push().app().repo());
        about.put("package", description.name());
        about.put("title", description.title());
        about.put("version", description.version());
        about.put("commit", run.push().commit());
        about.put("branch", run.push().branch());
        about.put("build", run.id());
        about.put("publishedAt", Instant.now().toString());
        Files.write(
                run.library().resolve("app.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(about));
    }
}
