package org.ocpu.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The source of the package {@code tinypkg}, which exports all its functions. */
final class SourcePackage {
    private SourcePackage() {}

    /**
     * Writes it into a directory, which then can be published.
     *
     * @param files more of them, by their paths in the package
     */
    static void write(Path directory, String code, Map<String, String> files) throws IOException {
        write(directory, "DESCRIPTION", "Package: tinypkg\nTitle: Tiny\nVersion: 1.0\nLicense: MIT\nLazyData: true\n");
        write(directory, "NAMESPACE", "exportPattern(\".\")\n");
        write(directory, "R/code.R", code);
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(directory, file.getKey(), file.getValue());
        }
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
