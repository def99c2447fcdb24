package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * An index as a repository sent it, in one file with what to ask for changes with, so that they always belong together: three
 * lines with the address, {@code ETag} and {@code Last-Modified}, empty where there is none, then the bytes.
 */
record KeptIndex(URI file, RepositoryFiles.Validators validators, byte[] body) {
    private static final int LINES = 3;

    static KeptIndex read(Path path) throws IOException {
        byte[] all = Files.readAllBytes(path);
        String[] lines = new String[LINES];
        int from = 0;
        for (int line = 0; line < LINES; line++) {
            int end = from;
            while (end < all.length && all[end] != '\n') {
                end++;
            }
            if (end == all.length) {
                throw new IOException(path + " is cut off");
            }
            lines[line] = new String(all, from, end - from, StandardCharsets.UTF_8);
            from = end + 1;
        }
        return new KeptIndex(
                address(path, lines[0]),
                new RepositoryFiles.Validators(present(lines[1]), present(lines[2])),
                Arrays.copyOfRange(all, from, all.length));
    }

    private static URI address(Path path, String line) throws IOException {
        try {
            return URI.create(line);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + " does not begin with an address", e);
        }
    }

    private static Optional<String> present(String line) {
        return Optional.of(line).filter(text -> !text.isEmpty());
    }

    /** Writes the file and brings it to the disk. */
    void write(Path path) throws IOException {
        String head = "%s\n%s\n%s\n"
                .formatted(
                        file,
                        validators.etag().orElse(""),
                        validators.lastModified().orElse(""));
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, head.getBytes(StandardCharsets.UTF_8));
            write(channel, body);
            channel.force(true);
        }
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Whether it is gzip, whatever it is called: some servers unpack, or pack, what they send. */
    boolean packed() {
        return body.length >= 2 && body[0] == (byte) 0x1f && body[1] == (byte) 0x8b;
    }
}
