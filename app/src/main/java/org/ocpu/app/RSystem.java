package org.ocpu.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The R that is installed here.
 *
 * @param version such as {@code 4.2.2}
 * @param platform what it was built for, such as {@code x86_64-pc-linux-gnu}
 * @param title R's own name for itself, with date and revision
 * @param documentation the root of its documentation
 * @param userLibrary where a user's library is below the home directory
 * @param libraries the library directories every package is searched in
 */
public record RSystem(
        String version, String platform, String title, Path documentation, Path userLibrary, List<Path> libraries) {
    private static final String PROGRAM = """
            version <- as.character(getRversion())
            user <- file.path("R", paste0(R.version$platform, "-library"), sub("[.][0-9]+$", "", version))
            cat(version, R.version$platform, R.version.string, R.home("doc"), user, normalizePath(.libPaths()), sep = "\n")
            """;

    /** Starts R to ask it. */
    public static RSystem ask() {
        try {
            List<String> lines = WorkerPackage.run(List.of("Rscript", "--vanilla", "-e", PROGRAM))
                    .lines()
                    .toList();
            if (lines.size() < 6) {
                throw new EngineException("R does not say what it is: " + String.join(" ", lines));
            }
            return new RSystem(
                    lines.get(0),
                    lines.get(1),
                    lines.get(2),
                    Path.of(lines.get(3)),
                    Path.of(lines.get(4)),
                    lines.subList(5, lines.size()).stream().map(Path::of).toList());
        } catch (IOException e) {
            throw new EngineException("Rscript cannot be run. Is R installed?", e);
        }
    }
}
