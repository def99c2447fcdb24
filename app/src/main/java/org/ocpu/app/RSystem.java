package org.ocpu.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The R that is installed here.
 *
 * @param version such as {@code 4.2.2}
 * @param title R's own name for itself, with date and revision
 * @param libraries the library directories every package is searched in
 */
public record RSystem(String version, String title, List<Path> libraries) {

    static RSystem ask() {
        String program =
                "cat(as.character(getRversion()), R.version.string, normalizePath(.libPaths()), sep = \"\\n\")";
        try {
            List<String> lines = WorkerPackage.run(List.of("Rscript", "--vanilla", "-e", program))
                    .lines()
                    .toList();
            if (lines.size() < 3) {
                throw new EngineException("R does not say what it is: " + String.join(" ", lines));
            }
            return new RSystem(
                    lines.get(0),
                    lines.get(1),
                    lines.subList(2, lines.size()).stream().map(Path::of).toList());
        } catch (IOException e) {
            throw new EngineException("Rscript cannot be run. Is R installed?", e);
        }
    }
}
