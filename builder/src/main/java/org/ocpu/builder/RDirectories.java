package org.ocpu.builder;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks R where it and its packages are. */
final class RDirectories {
    private static final Logger log = LoggerFactory.getLogger(RDirectories.class);
    private static final String QUESTION =
            "cat(R.home(), R.home('share'), R.home('include'), R.home('doc'), .libPaths(), .Library.site, sep = '\\n')";

    private RDirectories() {}

    /** Those that exist, with where links lead; none when R does not answer. */
    static List<Path> find() {
        try {
            Process r = new ProcessBuilder("R", "--no-echo", "--vanilla", "-e", QUESTION)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader answer = r.inputReader(StandardCharsets.UTF_8)) {
                return answer.lines()
                        .filter(line -> line.startsWith("/"))
                        .map(Path::of)
                        .filter(Files::isDirectory)
                        .flatMap(path -> Stream.of(path.normalize(), real(path)))
                        .distinct()
                        .toList();
            }
        } catch (IOException e) {
            log.warn("R does not say where its packages are", e);
            return List.of();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new BuilderException(path + " cannot be read", e);
        }
    }
}
