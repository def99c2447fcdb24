package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySnapshotsTest {
    @TempDir
    Path root;

    private final List<Runnable> inUse = new ArrayList<>();
    private LibrarySnapshots library;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(root.resolve("trash"));
        library = LibrarySnapshots.open(root.resolve("cran"), root.resolve("trash"), Retirement.AT_ONCE);
    }

    @AfterEach
    void close() {
        library.close();
    }

    @Test
    void aPackageIsLiveAfterItWasPut() throws IOException {
        put("rlang", "1.0");
        put("cli", "3.0");
        assertEquals("1.0", version("rlang"));
        assertEquals("3.0", version("cli"));
        assertEquals(Set.of("rlang", "cli"), library.packages().keySet());
    }

    @Test
    void anUpdateTakesTheOldVersionsPlaceAndItsFilesGo() throws IOException {
        put("rlang", "1.0");
        Path old = library.directoryOf(library.packages().get("rlang"));
        put("rlang", "2.0");
        assertEquals("2.0", version("rlang"));
        library.close(); // what is left over goes in the background
        assertFalse(Files.exists(old));
        assertEquals(1, Disk.list(root.resolve("cran/versions")).size());
        assertEquals(1, Disk.list(root.resolve("cran/packages/rlang")).size());
    }

    @Test
    void whoUsesAVersionKeepsAllOfIt() throws IOException {
        openInUse();
        put("rlang", "1.0");
        put("cli", "3.0");
        Path used = root.resolve("cran/current").toRealPath();
        put("rlang", "2.0");
        library.remove(List.of("cli"));
        assertEquals("Version: 1.0", Files.readString(used.resolve("rlang/DESCRIPTION")));
        assertEquals("Version: 3.0", Files.readString(used.resolve("cli/DESCRIPTION")));
        assertFalse(Files.exists(root.resolve("cran/current/cli")));
        List.copyOf(inUse).forEach(Runnable::run);
        assertFalse(Files.exists(used));
        library.close();
        assertFalse(Files.exists(root.resolve("cran/packages/cli")));
        assertEquals(1, Disk.list(root.resolve("cran/packages/rlang")).size());
    }

    @Test
    void aVersionThatComesBackWhileItIsStillUsedStays() throws IOException {
        openInUse();
        put("rlang", "1.0");
        put("rlang", "2.0");
        put("rlang", "1.0");
        List.copyOf(inUse).forEach(Runnable::run);
        assertEquals("1.0", version("rlang"));
    }

    @Test
    void manyAtOnceAllGoLive() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "p" + i;
            all.add(CompletableFuture.runAsync(() -> {
                try {
                    put(name, "1.0");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        assertEquals(40, library.packages().size());
        assertTrue(Files.exists(root.resolve("cran/current/p39/DESCRIPTION")));
    }

    @Test
    void whatACrashLeftGoesAndWhatIsLiveStays() throws IOException {
        put("rlang", "1.0");
        library.close();
        Path cran = root.resolve("cran");
        Files.createDirectories(cran.resolve("packages/rlang/2.0-half/rlang"));
        Files.createDirectories(cran.resolve("packages/cli/3.0-half/cli"));
        Files.createDirectories(cran.resolve("versions/99"));
        Files.createSymbolicLink(cran.resolve("next"), Path.of("versions/99"));
        library = LibrarySnapshots.open(cran, root.resolve("trash"), Retirement.AT_ONCE);
        assertEquals("1.0", version("rlang"));
        assertEquals(1, Disk.list(cran.resolve("packages/rlang")).size());
        assertFalse(Files.exists(cran.resolve("packages/cli")));
        assertFalse(Files.exists(cran.resolve("versions/99")));
        assertFalse(Files.exists(cran.resolve("next")));
        put("rlang", "3.0");
        assertEquals("3.0", version("rlang"));
    }

    @Test
    void whatCannotBePutLeavesTheLibraryAsItWas() throws IOException {
        put("rlang", "1.0");
        assertThrows(IOException.class, () -> library.put(installed("rlang", "2.0"), root.resolve("nothing")));
        assertEquals("1.0", version("rlang"));
        put("rlang", "2.0");
        assertEquals("2.0", version("rlang"));
    }

    @Test
    void whatNeedsAPackageThatCouldNotGoLiveDoesNotEither() throws IOException {
        Disk.delete(root.resolve("trash")); // versions are made there
        CompletableFuture<Void> needed = library.put(installed("rlang", "1.0"), made("rlang", "1.0"));
        assertInstanceOf(
                IOException.class,
                assertThrows(CompletionException.class, needed::join).getCause());
        Files.createDirectory(root.resolve("trash"));
        CompletableFuture<Void> needing = library.put(installed("cli", "3.0", "rlang"), made("cli", "3.0"));
        library.flush();
        Throwable reason =
                assertThrows(CompletionException.class, needing::join).getCause();
        assertEquals("needs rlang, which could not be put in place", reason.getMessage());
        assertEquals(Set.of(), library.packages().keySet());
        put("rlang", "1.0");
        put("cli", "3.0", "rlang");
        assertEquals(Set.of("rlang", "cli"), library.packages().keySet());
    }

    /** From now on each version is in use until {@link #inUse} says that it is not. */
    private void openInUse() {
        library.close();
        library = LibrarySnapshots.open(
                root.resolve("cran"), root.resolve("trash"), (version, whenUnused) -> inUse.add(whenUnused));
    }

    private void put(String name, String version, String... needs) throws IOException {
        CompletableFuture<Void> live = library.put(installed(name, version, needs), made(name, version));
        library.flush();
        live.join();
    }

    private Path made(String name, String version) throws IOException {
        Path made = Files.createTempDirectory(root, "made");
        Path directory = Files.createDirectories(made.resolve(name));
        Files.writeString(directory.resolve("DESCRIPTION"), "Version: " + version);
        return made;
    }

    private static InstalledPackage installed(String name, String version, String... needs) {
        return new InstalledPackage(
                name,
                version,
                Optional.empty(),
                version + "-id",
                "4.2",
                List.of(needs),
                Optional.of("cran"),
                Instant.EPOCH);
    }

    private String version(String name) throws IOException {
        String text =
                Files.readString(root.resolve("cran/current").resolve(name).resolve("DESCRIPTION"));
        return text.replace("Version: ", "");
    }
}
