package org.ocpu.builder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a build does with directories as a whole. */
final class Disk {
    private static final Logger log = LoggerFactory.getLogger(Disk.class);

    private Disk() {}

    /** What went wrong with a file, for people: without its path, which is nobody's business but the admin's. */
    static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "the permission is missing";
        }
        if (failure instanceof FileSystemException trouble) {
            return Optional.ofNullable(trouble.getReason())
                    .orElse(trouble.getClass().getSimpleName());
        }
        return String.valueOf(failure.getMessage());
    }

    /** Deletes a directory with all in it, if it is there; follows no links. What cannot be deleted is logged and stays. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            log.debug("{} needs more than the plain way to be deleted", directory, e);
            deleteStubborn(directory);
        }
    }

    /** Also what is nested deeper than a path can be long, or what its owner may not enter. */
    private static void deleteStubborn(Path directory) {
        String command = "chmod -R u+rwX -- \"$0\" 2>/dev/null; rm -rf -- \"$0\"";
        try {
            Process rm = new ProcessBuilder("sh", "-c", command, directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!rm.waitFor(1, TimeUnit.MINUTES) || rm.exitValue() != 0) {
                rm.destroyForcibly();
                log.warn("{} could not be deleted whole", directory);
            }
        } catch (IOException e) {
            log.warn("{} could not be deleted whole", directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The entries of a directory; none when it does not exist. */
    static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be listed", e);
        }
    }

    /** How many bytes the files in a directory have, as far as they are there while they are counted; follows no links. */
    static long size(Path directory) {
        AtomicLong size = new AtomicLong();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                    size.addAndGet(about.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path entered, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new BuilderException(directory + " cannot be measured", e);
        }
        return size.get();
    }

    /** Deletes a directory if it is there and empty; whether it is gone. */
    static boolean deleteEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** Brings a directory's entries, not the files' contents, to the disk. */
    static void syncEntries(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Brings everything in this directory's file system to the disk: one call instead of one a file. */
    static void syncContents(Path directory) throws IOException {
        Process sync = new ProcessBuilder("sync", "-f", directory.toString()).start();
        try {
            if (!sync.waitFor(1, TimeUnit.MINUTES) || sync.exitValue() != 0) {
                sync.destroyForcibly();
                log.warn("{} could not be synced; a power cut now may damage it", directory);
            }
        } catch (InterruptedException e) {
            sync.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
