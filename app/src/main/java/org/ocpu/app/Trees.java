package org.ocpu.app;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.concurrent.TimeUnit;

/** Deletes directories with all in them, also those that somebody else may be changing meanwhile: no link is followed. */
final class Trees {
    private static final int DEEPEST = 32;

    private Trees() {}

    /** Removes what is at that path, whatever it is; nothing if nothing is there. The directory it is in must be the server's. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return;
        }
        boolean plain = true;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path.getParent())) {
            // Relative to open directories (unlinkat(2)), so that none can be exchanged for a link on the way.
            plain = deleteDirectory((SecureDirectoryStream<Path>) entries, path.getFileName(), 0);
        } catch (IOException e) {
            plain = false;
        }
        if (!plain) {
            deleteStubborn(path);
        }
    }

    /** False for what is nested too deeply, would need too many open files. */
    private static boolean deleteDirectory(SecureDirectoryStream<Path> parent, Path name, int depth)
            throws IOException {
        if (depth > DEEPEST) {
            return false;
        }
        try (SecureDirectoryStream<Path> entries = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : entries) {
                Path child = entry.getFileName();
                boolean directory = entries.getFileAttributeView(
                                child, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes()
                        .isDirectory();
                if (!directory) {
                    entries.deleteFile(child);
                } else if (!deleteDirectory(entries, child, depth + 1)) {
                    return false;
                }
            }
        } catch (NoSuchFileException gone) {
            return true;
        }
        parent.deleteDirectory(name);
        return true;
    }

    /** rm(1) also keeps to open directories, and copes with any depth and with directories that their owner may not enter. */
    private static void deleteStubborn(Path path) throws IOException {
        Process rm = new ProcessBuilder(
                        "sh",
                        "-c",
                        "rm -rf -- \"$0\" || { chmod -R u+rwX -- \"$0\"; rm -rf -- \"$0\"; }",
                        path.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!rm.waitFor(5, TimeUnit.MINUTES) || rm.exitValue() != 0) {
                rm.destroyForcibly();
                throw new IOException("Cannot remove all of " + path);
            }
        } catch (InterruptedException e) {
            rm.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
