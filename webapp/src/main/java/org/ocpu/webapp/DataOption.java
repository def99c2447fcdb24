package org.ocpu.webapp;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}, the same for every command. */
final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "where the server keeps everything (default: ~/.ocpu)")
    private Path path = Path.of(home(), ".ocpu");

    /** As the shell has it; Java's own property comes from the user database and does not follow HOME. */
    private static String home() {
        String home = System.getenv("HOME");
        return home == null || home.isBlank() ? System.getProperty("user.home") : home;
    }

    DataDirectory directory() {
        return DataDirectory.open(path);
    }
}
