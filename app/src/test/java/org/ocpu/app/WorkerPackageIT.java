package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The R package {@code ocpu.worker} as R's own tools see it. */
class WorkerPackageIT {
    /** It ends processes by {@code _exit} and gives each its own R_TempDir; that is what it is for. */
    private static final List<String> ACCEPTED = List.of("* checking compiled code ... WARNING");

    @TempDir
    Path directory;

    @Test
    void passesRCmdCheckAndCompilesWithoutAWarning() throws IOException {
        Path makevars = Files.writeString(
                directory.resolve("Makevars"), "CFLAGS = -O2 -Wall -Wextra -Werror -Wno-cast-function-type\n");
        String source = Path.of("src/main/r/ocpu.worker").toAbsolutePath().toString();
        run(makevars, "R", "CMD", "build", source);
        String log = run(makevars, "R", "CMD", "check", "--no-manual", "ocpu.worker_0.1.0.tar.gz");
        List<String> faults = log.lines()
                .filter(line -> line.matches("\\* checking .*(WARNING|ERROR)"))
                .filter(line -> !ACCEPTED.contains(line))
                .toList();
        assertEquals(List.of(), faults, log);
        assertEquals(
                1,
                log.lines()
                        .filter(line -> line.contains("Running ‘testthat.R’"))
                        .count(),
                log);
    }

    private String run(Path makevars, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("R_MAKEVARS_USER", makevars.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
