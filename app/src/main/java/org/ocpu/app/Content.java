package org.ocpu.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of an answer: in memory, or, when they are many, in an open file. To be closed by whom it is given to. */
public sealed interface Content extends AutoCloseable {

    /** In bytes. */
    long length();

    /** From the first byte; closing it closes this. */
    InputStream stream();

    @Override
    void close();

    /** Bytes in memory, not to be changed. */
    record InMemory(byte[] bytes) implements Content {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** A file that is never changed and may be gone from its directory; for one reader. */
    record OnDisk(FileChannel file, long length) implements Content {

        static OnDisk open(Path path) throws IOException {
            FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
            return new OnDisk(file, file.size());
        }

        @Override
        public InputStream stream() {
            return Channels.newInputStream(file);
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
