package org.ocpu.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A session as one file: the files of its working directory, its objects as {@code .RData}, and below {@code .ocpu/} what the call
 * printed. To be closed.
 */
public final class SessionArchive implements AutoCloseable {
    private final Session session;
    private final Rendered objects;

    /** @param objects the session's objects as {@code save()} writes them */
    SessionArchive(Session session, Rendered objects) {
        this.session = session;
        this.objects = objects;
    }

    public void zip(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        write((name, length, content) -> {
            zip.putNextEntry(new ZipEntry(name));
            content.transferTo(zip);
            zip.closeEntry();
        });
        zip.finish();
    }

    /** A POSIX tar archive, compressed with gzip. */
    public void tar(OutputStream out) throws IOException {
        GZIPOutputStream gzip = new GZIPOutputStream(out);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        write((name, length, content) -> {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(length);
            tar.putArchiveEntry(entry);
            content.transferTo(tar);
            tar.closeArchiveEntry();
        });
        tar.finish();
        gzip.finish();
    }

    private void write(Writer archive) throws IOException {
        add(archive, ".RData", objects.content());
        for (String name : session.texts()) {
            Optional<Content> text = session.textContent(name);
            if (text.isPresent()) {
                add(archive, ".ocpu/" + name, text.get());
            }
        }
        for (String name : session.files()) {
            Optional<Path> file = session.file(name);
            if (file.isPresent()) {
                try (InputStream content = Files.newInputStream(file.get())) {
                    archive.add(name, Files.size(file.get()), content);
                }
            } else {
                add(archive, name, new Content.InMemory(session.description().getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void add(Writer archive, String name, Content content) throws IOException {
        try (InputStream bytes = content.stream()) {
            archive.add(name, content.length(), bytes);
        }
    }

    /** Adds one file to an archive. */
    @FunctionalInterface
    private interface Writer {
        void add(String name, long length, InputStream content) throws IOException;
    }

    @Override
    public void close() {
        objects.content().close();
    }
}
