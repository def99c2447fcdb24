package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** One version of a gist on disk: {@code files/}, and {@code commit} with the name of theirs. {@link GistStore} counts its uses. */
final class GistCopy {
    static final String FILES = "files";
    static final String COMMIT = "commit";

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private final GistName name;
    private final Path path;
    private final String commit;
    private volatile Optional<Checked> checked = Optional.empty();
    int uses;
    boolean retired;

    /**
     * That its server was asked.
     *
     * @param at nanoseconds on the clock of ages
     * @param problem why that did not tell whether this is the newest version
     */
    record Checked(long at, Optional<String> problem) {}

    GistCopy(GistName name, Path path, String commit) {
        this.name = name;
        this.path = path;
        this.commit = commit;
    }

    /**
     * The name of the commit that a version on disk says it has.
     *
     * @throws IOException when it does not say so, or only in part
     */
    static String commit(Path version) throws IOException {
        String commit = Files.readString(version.resolve(COMMIT)).strip();
        if (!NAME.matcher(commit).matches()) {
            throw new IOException(version.resolve(COMMIT) + " has no commit's name");
        }
        return commit;
    }

    GistName name() {
        return name;
    }

    Path path() {
        return path;
    }

    Path files() {
        return path.resolve(FILES);
    }

    /** Whether nobody has deleted it. */
    boolean isThere() {
        return Files.isDirectory(files());
    }

    String commit() {
        return commit;
    }

    /** Empty when it comes from before the server's start. */
    Optional<Checked> checked() {
        return checked;
    }

    void checked(long at, Optional<String> problem) {
        checked = Optional.of(new Checked(at, problem));
    }
}
