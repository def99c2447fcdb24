package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that is on its way, beside where it will be: {@code FILE.part}, and {@code FILE.validator} which tells by the server's
 * words of what it is a part. The validator may be missing or of another file after a crash; then a server sends the file from its
 * beginning, or the MD5 is wrong. For one thread; to be closed, after which it is there to be gone on with.
 */
final class PartFile implements AutoCloseable {
    private static final String PART = ".part";
    private static final String VALIDATOR = ".validator";
    private static final long HARDLY_ANY = 64 << 10;

    private final Path whole;
    private final Path part;
    private final Path validator;
    private final FileChannel channel;
    private MessageDigest digest = Md5.digest();
    private long length;

    private PartFile(Path whole, FileChannel channel) {
        this.whole = whole;
        this.part = partOf(whole);
        this.validator = beside(whole, VALIDATOR);
        this.channel = channel;
    }

    /** Takes up what is there. */
    static PartFile open(Path whole) throws IOException {
        Path part = partOf(whole);
        FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        PartFile opened = new PartFile(whole, channel);
        try {
            opened.length = Md5.read(part, opened.digest);
            channel.position(opened.length);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** The file that one is a part of or tells about; of any other, itself. */
    static Path wholeOf(Path path) {
        String name = path.getFileName().toString();
        for (String ending : List.of(PART, VALIDATOR)) {
            if (name.endsWith(ending)) {
                return path.resolveSibling(name.substring(0, name.length() - ending.length()));
            }
        }
        return path;
    }

    private static Path partOf(Path whole) {
        return beside(whole, PART);
    }

    private static Path beside(Path whole, String ending) {
        return whole.resolveSibling(whole.getFileName() + ending);
    }

    long length() {
        return length;
    }

    /** Of all that is there. */
    String md5() {
        try {
            return Md5.hex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own can be cloned", e);
        }
    }

    /** By which the server at this address knows of what this is a part; absent when there is nothing to go on with. */
    Optional<String> validator(URI from) throws IOException {
        if (length == 0 || !Files.isRegularFile(validator)) {
            return Optional.empty();
        }
        List<String> lines = Files.readString(validator).lines().toList();
        return lines.size() == 2 && lines.get(0).equals(from.toString()) ? Optional.of(lines.get(1)) : Optional.empty();
    }

    /** Throws away what there is and begins with what this address sends under this validator, if it has one. */
    void restart(URI from, Optional<String> current) {
        write(() -> {
            channel.truncate(0);
            channel.position(0);
            digest = Md5.digest();
            length = 0;
            if (current.isPresent()) {
                Files.writeString(validator, from + "\n" + current.get() + "\n");
            } else {
                Files.deleteIfExists(validator);
            }
        });
    }

    void add(ByteBuffer bytes) {
        digest.update(bytes.duplicate());
        length += bytes.remaining();
        write(() -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Makes it the whole file. */
    void finish() {
        write(() -> {
            channel.force(true);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(validator);
            Disk.syncEntries(whole.toAbsolutePath().getParent());
        });
    }

    void delete() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(validator);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Work on the disk. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    /** What fails here fails for good, unlike what the network does; a part that filled the disk does not stay there. */
    private void write(Writing work) {
        try {
            work.run();
        } catch (ClosedByInterruptException e) {
            throw new BuildStopped();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private BuildFailure unwritable(IOException reason) {
        try {
            String words = String.valueOf(reason.getMessage()).toLowerCase(Locale.ROOT);
            boolean full = words.contains("no space left")
                    || words.contains("quota")
                    || Files.getFileStore(whole.toAbsolutePath().getParent()).getUsableSpace() < HARDLY_ANY;
            if (full) {
                delete();
                return new BuildFailure("the disk of this server is full", reason);
            }
        } catch (IOException more) {
            reason.addSuppressed(more);
        }
        return new BuildFailure(
                "the file cannot be written: " + reason.getClass().getSimpleName(), reason);
    }
}
