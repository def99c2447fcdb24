package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
    @TempDir
    Path directory;

    private AdminToken token() {
        return new AdminToken(DataDirectory.open(directory));
    }

    @Test
    void theFirstIsMadeOnceAndOnlyItIsAccepted() {
        String first = token().first().orElseThrow();
        assertTrue(first.matches("[A-Za-z0-9_-]{43}"), first);
        assertEquals(Optional.empty(), token().first());
        assertTrue(token().accepts(first));
        assertFalse(token().accepts(first + "x"));
        assertFalse(token().accepts(""));
    }

    @Test
    void aNewOneReplacesTheOldAtOnceAlsoForWhoHasReadIt() {
        AdminToken reader = token();
        String old = token().renew();
        assertTrue(reader.accepts(old));
        String fresh = token().renew();
        assertTrue(reader.accepts(fresh));
        assertFalse(reader.accepts(old));
    }

    @Test
    void theDirectoryKeepsOnlyAHashThatOnlyItsUserReads() throws IOException {
        String token = token().renew();
        Path file = directory.resolve("admin.token.sha256");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String kept = Files.readString(file).strip();
        assertTrue(kept.matches("[0-9a-f]{64}"), kept);
        assertFalse(token().accepts(kept), "the hash is not the token " + token);
    }

    @Test
    void withoutATokenOrWithAFileThatAPowerCutLeftEmptyNothingIsAccepted() throws IOException {
        assertFalse(token().accepts("anything"));
        Files.writeString(directory.resolve("admin.token.sha256"), "");
        assertFalse(token().accepts(""));
        assertTrue(token().first().isPresent());
    }
}
