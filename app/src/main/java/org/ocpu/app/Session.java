package org.ocpu.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a call left, on disk: {@code R.<name>.rds}, {@code graphics.<n>.rds}, {@code texts.json} with what was printed, and {@code
 * files/}, the directory the call ran in; {@code ocpu.worker}'s {@code session.R} writes it. Complete from the moment it can be
 * found, and never changed.
 */
public final class Session {
    private static final String SUFFIX = ".rds";

    private final SessionKey key;
    private final Path directory;
    private final JsonNode info;
    private final Libraries libraries;

    Session(SessionKey key, Path directory, JsonNode info, Libraries libraries) {
        this.key = key;
        this.directory = directory;
        this.info = info;
        this.libraries = libraries;
    }

    public SessionKey key() {
        return key;
    }

    Instant created() {
        return Instant.parse(info.path("created").asText());
    }

    Path directory() {
        return directory;
    }

    /** The package whose function made the session: the version that did, or the one that took its place; if there still is one. */
    Optional<PackageRef> madeBy() {
        PackageRef ref = new PackageRef(
                Path.of(info.path("library").asText()),
                info.path("package").asText(),
                info.path("place").asText(),
                info.path("stamp").asText());
        return libraries.nowOf(ref);
    }

    /** Everything the session holds, as paths below its address. */
    public List<String> entries() {
        List<String> entries = new ArrayList<>();
        objects().forEach(name -> entries.add("R/" + name));
        int plots = plots();
        for (int n = 1; n <= plots; n++) {
            entries.add("graphics/" + n);
        }
        entries.addAll(texts());
        entries.add("info");
        listedFiles().forEach(file -> entries.add("files/" + file));
        return entries;
    }

    /** Names of the R objects, in R's order for listing. */
    public List<String> objects() {
        return names("R.").stream()
                .map(name -> URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8))
                .sorted(ListOrder.INSTANCE)
                .toList();
    }

    Path object(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        Path file = directory.resolve("R." + encoded + SUFFIX);
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException("The session has no object '" + name + "'.");
        }
        return file;
    }

    public int plots() {
        return names("graphics.").size();
    }

    /** The number, from 1, of the plot that is asked for by its number or as {@code last}. */
    public int plotNumber(String asked) {
        int plots = plots();
        int number = asked.equals("last") ? plots : asked.matches("[0-9]{1,9}") ? Integer.parseInt(asked) : 0;
        if (number < 1 || number > plots) {
            throw new NotFoundException("Graphic not found (trying to select " + asked + " of " + plots + " graphics)");
        }
        return number;
    }

    Path plot(int number) {
        return directory.resolve("graphics." + number + SUFFIX);
    }

    /** A text such as {@code stdout}; empty when the call left none of the kind. */
    public Optional<InputStream> text(String name) {
        return textContent(name).map(Content::stream);
    }

    /** The same with its length. */
    Optional<Content> textContent(String name) {
        return new SessionTexts(directory).content(name);
    }

    /** Names of the texts that the call left, in the order they are listed. */
    public List<String> texts() {
        return new SessionTexts(directory).names();
    }

    public static boolean isText(String name) {
        return SessionTexts.isText(name);
    }

    /** Where the call ran, with the files it wrote. */
    public Path filesDirectory() {
        return directory.resolve("files");
    }

    /** All files, as relative paths with slashes, and DESCRIPTION, which every session has. */
    public List<String> files() {
        Path root = filesDirectory();
        try (Stream<Path> all = Files.walk(root)) {
            Stream<String> written =
                    all.filter(this::isOwn).map(file -> root.relativize(file).toString());
            return Stream.concat(Stream.of("DESCRIPTION"), written)
                    .distinct()
                    .sorted(ListOrder.INSTANCE)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that the call left; empty when there is none of that name. */
    Optional<Path> file(String name) {
        return Optional.of(filesDirectory().resolve(name)).filter(this::isOwn);
    }

    /** What a link leads to is not, unless it is here too. */
    private boolean isOwn(Path file) {
        try {
            return Files.isRegularFile(file)
                    && file.toRealPath().startsWith(filesDirectory().toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that lists show: hidden files are left out, as in R's lists. */
    private Stream<String> listedFiles() {
        return files().stream().filter(file -> !("/" + file).contains("/."));
    }

    /** Names of the files and directories at the top, and DESCRIPTION. */
    public List<String> topFiles() {
        return listedFiles().map(file -> file.split("/", 2)[0]).distinct().toList();
    }

    /** The text of {@code files/DESCRIPTION}, made when asked for. */
    public String description() {
        return "Package: " + key.value() + "\nType: Session\nVersion: 1.0\nAuthor: ocpu\nDate: "
                + info.path("created").asText().substring(0, 10)
                + "\nDescription: Made by " + origin() + ".\n";
    }

    private String origin() {
        String place = info.path("place").asText();
        String name = info.path("function").asText();
        return place.startsWith(PackageRef.GIST + "/")
                ? "running %s of %s, commit %s"
                        .formatted(name, place, info.path("stamp").asText())
                : "a call of " + info.path("package").asText() + "::" + name;
    }

    /** What comes between that prefix and the suffix of R's files. */
    private List<String> names(String prefix) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(SUFFIX))
                    .map(name -> name.substring(prefix.length(), name.length() - SUFFIX.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
