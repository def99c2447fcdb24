package org.ocpu.builder;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads a package's tar archive, compressed with gzip, once from its beginning to its end without keeping more of it than its
 * DESCRIPTION, and refuses what could write anywhere but below the package's own directory, or more than any package has. One-shot.
 */
final class TarballReader {
    private static final int BUFFER = 64 << 10;
    /** Names and such of one entry; the archive's reader keeps them in memory. */
    private static final long MOST_OF_HEADERS = 256 << 10;

    private final String name;
    private final Bounds bounds;
    private final TarballPaths paths;
    private final byte[] buffer = new byte[BUFFER];
    private int entries;
    private Optional<Map<String, String>> description = Optional.empty();

    /**
     * What an archive may hold.
     *
     * @param bytes unpacked
     * @param ratio how many times the bytes of the file; R's own packages stay below 20
     * @param always bytes it may hold at any ratio
     */
    record Bounds(int entries, long bytes, int ratio, long always) {
        static final Bounds USUAL = new Bounds(200_000, 4L << 30, 200, 256L << 20);

        long bytesOf(long fileSize) {
            return Math.min(bytes, Math.max(always, fileSize * ratio));
        }
    }

    /** @param name of the package */
    TarballReader(String name, Bounds bounds) {
        this.name = name;
        this.bounds = bounds;
        this.paths = new TarballPaths(name);
    }

    /**
     * The fields of the package's DESCRIPTION.
     *
     * @throws IOException when the file is damaged, or no such archive
     * @throws BuildFailure when it is not to be unpacked
     */
    Map<String, String> read(Path file) throws IOException {
        long most = bounds.bytesOf(Files.size(file));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                CountedStream unpacked = new CountedStream(new GZIPInputStream(in, BUFFER), name, most)) {
            readEntries(unpacked);
            unpacked.unbind();
            while (unpacked.read(buffer) >= 0) {
                // to the end, where the checksum is
            }
        }
        return description.orElseThrow(() -> refused("it has no %s/DESCRIPTION".formatted(name)));
    }

    private void readEntries(CountedStream unpacked) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked, StandardCharsets.ISO_8859_1.name());
        TarArchiveEntry entry = next(tar, unpacked);
        while (entry != null) {
            take(entry, tar);
            while (tar.read(buffer) >= 0) {
                // what is read here does not count as the next entry's headers
            }
            entry = next(tar, unpacked);
        }
    }

    private TarArchiveEntry next(TarArchiveInputStream tar, CountedStream unpacked) throws IOException {
        unpacked.bind(MOST_OF_HEADERS);
        TarArchiveEntry entry = tar.getNextEntry();
        unpacked.unbind();
        return entry;
    }

    private void take(TarArchiveEntry entry, InputStream content) throws IOException {
        if (!entry.isCheckSumOK()) {
            throw new IOException("the checksum of an entry is wrong");
        }
        entries++;
        if (entries > bounds.entries()) {
            throw refused("it has more than %d entries".formatted(bounds.entries()));
        }
        if (entry.isSparse()) {
            throw refused("%s is a sparse file".formatted(shown(entry)));
        }
        String path = path(entry);
        boolean isDescription = path.equals(name + "/DESCRIPTION");
        if (isDescription && !isFile(entry)) {
            throw refused("its DESCRIPTION is no file");
        }
        if (isDescription) {
            description = Optional.of(Description.fieldsOf(content));
        }
    }

    private String path(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG ->
                isFile(entry) ? paths.file(entry.getName()) : paths.directory(entry.getName());
            case TarConstants.LF_DIR -> paths.directory(entry.getName());
            case TarConstants.LF_SYMLINK -> paths.symbolicLink(entry.getName(), entry.getLinkName());
            case TarConstants.LF_LINK -> paths.hardLink(entry.getName(), entry.getLinkName());
            case TarConstants.LF_CHR, TarConstants.LF_BLK -> throw refused(shown(entry) + " is a device");
            case TarConstants.LF_FIFO -> throw refused(shown(entry) + " is a pipe");
            default ->
                throw refused(
                        "%s is no file, directory or link (type %d)".formatted(shown(entry), entry.getLinkFlag()));
        };
    }

    /** Old archives have directories as files whose names end so. */
    private static boolean isFile(TarArchiveEntry entry) {
        byte type = entry.getLinkFlag();
        return (type == TarConstants.LF_OLDNORM || type == TarConstants.LF_NORMAL || type == TarConstants.LF_CONTIG)
                && !entry.getName().endsWith("/");
    }

    private static String shown(TarArchiveEntry entry) {
        return Text.line(entry.getName(), 200);
    }

    private BuildFailure refused(String reason) {
        return TarballPaths.refused(name, reason);
    }
}
