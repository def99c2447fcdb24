package org.ocpu.builder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * A version of an app as {@code app.json} in its directory tells; never changed once it is there.
 *
 * @param directory the library with the package and its dependencies, called like the build that made it
 * @param icon whether the package has an {@code icon.png} that is small enough for lists
 * @param bytes of its files
 * @param readmePath of its README in the repository, if one is kept
 * @param repository the repository's page, if it has one
 * @param open whether anyone may read the repository
 */
record Version(
        Path directory,
        AppName app,
        String packageName,
        String title,
        String about,
        boolean icon,
        String version,
        String commit,
        String ref,
        Instant publishedAt,
        long bytes,
        Optional<String> readmePath,
        Optional<URI> repository,
        boolean open) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FILE = "app.json";

    /** Bytes; lists show many of them. */
    private static final long LARGEST_ICON = 64 * 1024;

    /** The number of the build that made it. */
    long build() {
        return Long.parseLong(directory.getFileName().toString());
    }

    VersionView view(boolean live) {
        return new VersionView(build(), version, commit, ref, publishedAt, live, bytes);
    }

    /**
     * Describes what a run has installed, in its library. What the installation may have left there under that name, which could be
     * a link, is replaced.
     */
    static void write(BuildRun run, Description description, Origin origin, long bytes) throws IOException {
        Push push = run.push();
        ObjectNode about = JSON.createObjectNode()
                .put("owner", push.app().owner())
                .put("repo", push.app().repo());
        push.app().part().ifPresent(name -> about.put("part", name));
        push.app().preview().ifPresent(name -> about.put("preview", name));
        about.put("package", description.name())
                .put("title", description.title())
                .put("about", description.about())
                .put("version", description.version())
                .put("commit", push.commit())
                .put("ref", push.ref())
                .put("branch", push.branch())
                .put("build", run.id())
                .put("publishedAt", Instant.now().toString())
                .put("bytes", bytes)
                .put("open", push.open());
        origin.source().ifPresent(one -> about.set("source", JSON.valueToTree(one.about())));
        origin.readme().ifPresent(one -> about.put("readme", one.path()));
        origin.repository().ifPresent(page -> about.put("repository", page.toString()));
        Path file = run.work().resolve(FILE);
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(about));
        Files.move(file, run.library().resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Empty when there is none, or no longer. */
    static Optional<Version> read(Path directory) {
        try {
            JsonNode about = JSON.readTree(Files.readAllBytes(directory.resolve(FILE)));
            String packageName = about.path("package").asText();
            return Optional.of(new Version(
                    directory,
                    name(about),
                    packageName,
                    about.path("title").asText(),
                    about.path("about").asText(),
                    isShown(directory.resolve(packageName).resolve("icon.png")),
                    about.path("version").asText(),
                    about.path("commit").asText(),
                    about.path("ref")
                            .asText("refs/heads/" + about.path("branch").asText()),
                    Instant.parse(about.path("publishedAt").asText()),
                    about.has("bytes") ? about.path("bytes").asLong() : Disk.size(directory),
                    Optional.ofNullable(about.path("readme").textValue()),
                    Optional.ofNullable(about.path("repository").textValue()).map(URI::create),
                    about.path("open").asBoolean()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be read", e);
        }
    }

    /** Empty when there is none, or no longer. */
    Optional<Readme> readme() {
        if (readmePath.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(directory.resolve(ReadmeCopy.FILE));
            return Optional.of(new Readme(new String(bytes, UTF_8), readmePath.get(), repository, commit, open));
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be read", e);
        }
    }

    private static boolean isShown(Path icon) throws IOException {
        return Files.isRegularFile(icon, LinkOption.NOFOLLOW_LINKS) && Files.size(icon) <= LARGEST_ICON;
    }

    private static AppName name(JsonNode about) {
        return new AppName(
                about.path("owner").asText(),
                about.path("repo").asText(),
                Optional.ofNullable(about.path("part").textValue()),
                Optional.ofNullable(about.path("preview").textValue()));
    }
}
