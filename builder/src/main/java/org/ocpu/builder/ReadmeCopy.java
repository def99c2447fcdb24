package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies the README beside the package, or else the one at the top of its repository. To be done before what {@code .Rbuildignore}
 * names is left out, and before any of the author's code runs. One use: {@link #call}.
 */
final class ReadmeCopy {
    /** What the copy is called in a version's directory. */
    static final String FILE = "README";

    /** In the order they are looked for, in any case. */
    private static final List<String> NAMES = List.of("readme.md", "readme.markdown", "readme");

    private static final long LARGEST = 512 << 10;

    private final BuildRun run;

    /**
     * A copy in a build's directory.
     *
     * @param path of the original in the repository
     */
    record Kept(Path file, String path) {
        /** What is there under its name is replaced. */
        void moveTo(Path library) throws IOException {
            Files.move(file, library.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    ReadmeCopy(BuildRun run) {
        this.run = run;
    }

    /** Empty when there is none, and, with the reason in the build's log, when it is too large or not in the repository. */
    Optional<Kept> call() {
        try {
            Optional<Path> beside = in(run.packageDirectory());
            Optional<Path> found = beside.isPresent() ? beside : in(run.source());
            return found.isEmpty() ? Optional.empty() : copy(found.get());
        } catch (IOException e) {
            throw new BuildFailure("the README could not be read: " + Disk.reason(e), e);
        }
    }

    private static Optional<Path> in(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> rank(file) >= 0)
                    .filter(Files::isRegularFile)
                    .min((one, other) -> rank(one) != rank(other) ? rank(one) - rank(other) : one.compareTo(other));
        }
    }

    private static int rank(Path file) {
        return NAMES.indexOf(file.getFileName().toString().toLowerCase(Locale.ROOT));
    }

    /** A link may lead to another file of the repository, and nowhere else. */
    private Optional<Kept> copy(Path readme) throws IOException {
        Path source = run.source().toRealPath();
        Path real = readme.toRealPath();
        if (!real.startsWith(source) || real.startsWith(source.resolve(".git"))) {
            return none("it is a link that leads out of the repository");
        }
        if (Files.size(real) > LARGEST) {
            return none("it has more than " + Words.size(LARGEST));
        }
        Path copy = run.work().resolve(FILE);
        Files.copy(real, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(new Kept(copy, source.relativize(real).toString()));
    }

    private Optional<Kept> none(String reason) {
        run.log().line(Stage.CHECKOUT, "no README is kept: " + reason);
        return Optional.empty();
    }
}
