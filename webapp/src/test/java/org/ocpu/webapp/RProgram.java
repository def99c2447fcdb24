package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A plain {@code Rscript}, with the settings that the server's workers have, as the judge of what the server says. */
final class RProgram {
    private RProgram() {}

    /** Runs R code in a directory; its output, after a check that it succeeded. */
    static String run(Path directory, String code) throws IOException {
        Path script = Files.writeString(Files.createTempFile(directory, "program", ".R"), code);
        ProcessBuilder builder = new ProcessBuilder("Rscript", "--vanilla", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("LANG", "C.UTF-8", "LC_ALL", "C.UTF-8", "TZ", "UTC"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), output);
        return output;
    }
}
