package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GistNameTest {
    @ParameterizedTest
    @CsvSource({"ada,0a1b", "Ada-Lovelace,0123456789abcdef0123456789abcdef01234567", "a,0", "-,f"})
    void takesUsersAndHexadecimalIds(String user, String id) {
        GistName name = GistName.of(user, id).orElseThrow();
        assertEquals(user + "/" + id, name.toString());
        assertEquals(Path.of("/gist", user, id), name.under(Path.of("/gist")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a.b",
                "a b",
                "a/b",
                "../ada",
                "a_b",
                "é",
                "ada\n",
                "a\0",
                "%2e%2e",
                "0123456789012345678901234567890123456789"
            })
    void takesNoOtherUsers(String user) {
        assertEquals(Optional.empty(), GistName.of(user, "0a1b"));
        assertThrows(IllegalArgumentException.class, () -> new GistName(user, "0a1b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "0A1B",
                "0x1",
                "0a1b.git",
                "0a/1b",
                "../0a",
                "-",
                "0a1b\n",
                "current",
                "01234567890123456789012345678901234567890"
            })
    void takesNoOtherIds(String id) {
        assertEquals(Optional.empty(), GistName.of("ada", id));
    }
}
