package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserLibrariesTest {
    private static final Path BELOW_HOME = Path.of("R", "x86_64-pc-linux-gnu-library", "4.2");

    @TempDir
    Path homes;

    private UserLibraries users;

    @BeforeEach
    void twoUsersOfWhomOneHasALibrary() throws IOException {
        Path library = homes.resolve("ada").resolve(BELOW_HOME);
        Files.createDirectories(library.resolve("hello"));
        Files.writeString(library.resolve("hello").resolve("DESCRIPTION"), "Package: hello\n");
        Files.createDirectories(library.resolve("00LOCK-other"));
        Files.createDirectory(homes.resolve("bob"));
        Path passwd = homes.resolve("passwd");
        Files.writeString(
                passwd,
                "root:x:0:0:root:/nonexistent:/bin/bash\n\n# a comment\nnohome:x:1:1::\n"
                        + "ada:x:1000:1000:Ad\u00e8le:" + homes.resolve("ada") + ":/bin/sh\n"
                        + "bob:x:1001:1001::" + homes.resolve("bob") + ":/bin/sh\n",
                StandardCharsets.ISO_8859_1);
        users = new UserLibraries(passwd, BELOW_HOME);
    }

    @Test
    void onlyUsersWithALibraryAreListed() {
        assertEquals(List.of("ada"), users.users());
        assertFalse(users.hasLibrary("bob"));
        assertFalse(users.hasLibrary("eve"));
        assertEquals(List.of("hello"), users.packages("ada"));
    }

    @Test
    void aPackageIsOneOfItsUsers() {
        PackageRef ref = users.find("ada", "hello");
        assertEquals("user/ada/hello", ref.place());
        assertFalse(ref.isGlobal());
    }

    @Test
    void whatIsMissingIsNamed() {
        assertEquals("User eve not found.", message("eve", "hello"));
        assertEquals("User ../ada not found.", message("../ada", "hello"));
        assertEquals("User bob not found.", message("bob", "hello"));
        assertEquals("Package nosuch is not installed in the library of user ada.", message("ada", "nosuch"));
        assertEquals("Package ../hello is not installed in the library of user ada.", message("ada", "../hello"));
    }

    private String message(String user, String name) {
        return assertThrows(NotFoundException.class, () -> users.find(user, name))
                .getMessage();
    }
}
