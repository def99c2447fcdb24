package org.ocpu.webapp;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}, the same for every command. */
final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "where the server keeps everything (default: ~/.ocpu)")
    private Path path = Path.of(System.getProperty("user.home"), ".ocpu");

    DataDirectory directory() {
        return DataDirectory.open(path);
    }
}
