package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The attacks that are written in C, compiled. */
record AttackCode(Path library) {

    static AttackCode compile(Path directory) throws IOException {
        Path source = Files.writeString(directory.resolve("attack.c"), Attack.source("attack.c"));
        Path library = directory.resolve("attack.so");
        Process gcc = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-Os", "-s", "-o", library.toString(), source.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, gcc.onExit().join().exitValue(), output);
        return new AttackCode(library);
    }

    String base64() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(library));
    }
}
