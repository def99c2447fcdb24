package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/** The tests of the client library that run in Node.js, and what they and old pages need from npm: installed once a build. */
final class ClientPackages {
    private static final Path SOURCES = Path.of("src", "test", "js", "client");
    private static final Path INSTALLED = Path.of("target", "client-tests");
    private static final String LOCK = "package-lock.json";

    private ClientPackages() {}

    /** The directory with the scripts, and {@code node_modules} beside them. */
    static Path install() throws Exception {
        Path marker = INSTALLED.resolve("installed");
        boolean there = Files.exists(marker) && Files.mismatch(marker, SOURCES.resolve(LOCK)) < 0;
        Files.createDirectories(INSTALLED);
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                Files.copy(source, INSTALLED.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!there) {
            assertRuns(Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            Files.copy(SOURCES.resolve(LOCK), marker, StandardCopyOption.REPLACE_EXISTING);
        }
        return INSTALLED;
    }

    /** Runs a command there; what it prints is shown if it fails. */
    static void assertRuns(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), printed);
    }
}
