package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
    @TempDir
    Path directory;

    private DataDirectory data() {
        return DataDirectory.open(directory);
    }

    @Test
    void theSecretIsMadeOnceAndOnlyItsUserReadsIt() throws IOException {
        String secret = data().secret();
        assertTrue(secret.matches("[0-9a-f]{40}"), secret);
        assertEquals(secret, data().secret());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("webhook.secret"))));
    }

    /** With an empty secret, deliveries that nobody has signed would be taken. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void aSecretThatAPowerCutLeftEmptyIsMadeAnew(String left) throws IOException {
        Files.writeString(directory.resolve("webhook.secret"), left);
        String secret = data().secret();
        assertTrue(secret.matches("[0-9a-f]{40}"), secret);
        assertEquals(secret, data().secret());
    }

    @Test
    void anAddressThatAPowerCutLeftEmptyIsNone() throws IOException {
        Files.writeString(directory.resolve("server.address"), "");
        assertEquals(Optional.empty(), data().address());
    }

    @Test
    void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path inTheWay = directory.resolve("server.address");
        Files.createDirectories(inTheWay.resolve("something"));
        assertThrows(UncheckedIOException.class, () -> data().address("http://localhost:8004"));
        try (Stream<Path> there = Files.list(directory)) {
            assertEquals(List.of(inTheWay), there.toList());
        }
    }
}
