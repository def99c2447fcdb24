package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestDirectoryTest {
    @TempDir
    Path root;

    private RequestDirectories directories;

    @BeforeEach
    void open() {
        directories = new RequestDirectories(root.resolve("requests"), root.resolve("boxes"), UserPart.NONE);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theBoxIsWhereEnginesWriteOnlyWhileAWorkerHasIt() throws IOException {
        RequestDirectory directory = directories.open().withFiles();
        Files.writeString(directory.files().resolve("upload.csv"), "1");
        assertEquals(List.of(), names(root.resolve("boxes")));
        directory.lend(0);
        assertEquals("1", Files.readString(directory.path().resolve("session/files/upload.csv")));
        directory.takeBack();
        assertEquals(List.of(), names(root.resolve("boxes")));
        assertEquals("1", Files.readString(directory.files().resolve("upload.csv")));
    }

    @Test
    void aLinkInPlaceOfTheBoxIsNotFollowed() throws IOException {
        Path other = Files.createDirectories(root.resolve("other/tmp")).getParent();
        Files.createDirectory(other.resolve("session"));
        RequestDirectory directory = directories.open();
        directory.lend(0);
        Trees.delete(directory.path());
        Files.createSymbolicLink(directory.path(), other);
        assertThrows(WorkerLostException.class, directory::takeBack);
        directory.close();
        assertEquals(List.of("session", "tmp"), names(other));
        assertFalse(Files.exists(directory.root(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aLinkInTheWayOfTheBoxIsNotFollowed() throws IOException {
        Path other = Files.createDirectory(root.resolve("other"));
        RequestDirectory directory = directories.open().withFiles();
        Files.createSymbolicLink(directory.path(), other);
        assertThrows(EngineException.class, () -> directory.lend(0));
        assertEquals(List.of(), names(other));
    }

    @Test
    void aBoxThatIsGoneIsTheEndOfItsRequestOnly() throws IOException {
        RequestDirectory directory = directories.open();
        directory.lend(0);
        Trees.delete(directory.path());
        assertThrows(WorkerLostException.class, directory::takeBack);
        directory.close();
        assertFalse(Files.exists(directory.root()));
    }

    @Test
    void aBoxThatIsClosedIsRemoved() throws IOException {
        RequestDirectory directory = directories.open();
        directory.lend(0);
        Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("---------"));
        try {
            directory.takeBack();
        } catch (WorkerLostException refusedUnlessRoot) {
            assertFalse(WorkerUsers.isRoot());
        }
        directory.close();
        assertFalse(Files.exists(directory.root()));
        assertEquals(List.of(), names(root.resolve("boxes")));
    }

    @Test
    void aTemporaryDirectoryThatIsClosedOrALinkIsNotUsedAgain() throws IOException {
        RequestDirectory closed = directories.open();
        closed.lend(0);
        Files.setPosixFilePermissions(closed.path().resolve("tmp"), PosixFilePermissions.fromString("---------"));
        closed.takeBack();
        assertFalse(closed.isClean());
        closed.close();
        RequestDirectory linked = directories.open();
        linked.lend(0);
        Files.delete(linked.path().resolve("tmp"));
        Files.createSymbolicLink(linked.path().resolve("tmp"), root);
        linked.takeBack();
        assertFalse(linked.isClean());
        linked.close();
        assertEquals(List.of(), names(root.resolve("requests")));
    }

    @Test
    void aDirectoryThatAWorkerStillHasIsNotUsedAgain() throws IOException {
        RequestDirectory untouched = directories.open();
        untouched.lend(0);
        untouched.takeBack();
        assertTrue(untouched.isClean());
        untouched.lend(0);
        assertFalse(untouched.isClean());
        untouched.close();
        assertEquals(List.of(), names(root.resolve("boxes")));
        assertEquals(List.of(), names(root.resolve("requests")));
    }

    @Test
    void aWorkerWhoseUserIsNotOfItsEngineGetsNoBox() {
        RequestDirectory directory = directories.open();
        assertThrows(EngineException.class, () -> directory.lend(1_000));
    }
}
