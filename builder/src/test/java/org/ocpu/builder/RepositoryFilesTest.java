package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the addresses of repositories are shown to anybody. */
class RepositoryFilesTest {
    @ParameterizedTest
    @CsvSource({
        "https://cran.example.org/src, https://cran.example.org/src",
        "https://me:secret@cran.example.org/src, https://cran.example.org/src",
        "file:///srv/secret/mine, file:…/mine",
        "file:/srv/secret/mine/, file:…/mine",
        "file:///srv/secret/mine/src/contrib/PACKAGES.gz, file:…/mine/src/contrib/PACKAGES.gz",
        "file:///srv/secret/views/Finance.md, file:…/Finance.md",
        "file:///, file:…/"
    })
    void anAddressIsShownWithoutPasswordsAndDirectoriesOfTheServer(URI address, String shown) {
        assertEquals(shown, RepositoryFiles.shown(address));
    }

    @Test
    void whatIsWrongWithAFileIsToldWithoutItsPath(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("loop"), "a file").resolve("names.txt");
        RepositoryFiles files = new RepositoryFiles("R/4", RepositoryFiles.Limits.USUAL);
        BuildFailure failure = assertThrows(
                BuildFailure.class, () -> files.get(file.toUri(), RepositoryFiles.Validators.NONE, new StopSignal()));
        assertTrue(failure.getMessage().startsWith("file:…/names.txt: it cannot be read: "), failure::getMessage);
        assertFalse(failure.getMessage().contains(directory.toString()), failure::getMessage);
    }

    @Test
    void aTaskViewOfTheServerIsShownByItsName() {
        SyncConfig sync = SyncConfig.all(new Settings(Map.of("sync.cran.taskview", "/srv/secret/names.txt")))
                .get("cran");
        assertEquals("task view file:…/names.txt", sync.wanted().toString());
    }
}
