package org.ocpu.builder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.ocpu.app.PackageSource;

/**
 * Writes a package's source as {@code NAME_VERSION.tar.gz}, as {@code R CMD build} does, but with its vignettes as they are: the
 * files that {@link BuildIgnore} left, links as what they lead to, and in DESCRIPTION when it was packed. To be done before any of
 * the author's code runs. One use: {@link #call}.
 *
 * <p>The same build always makes the same bytes.
 */
final class SourceArchive {
    private static final long LARGEST = 100L << 20;
    private static final int MOST_FILES = 50_000;
    private static final int LONGEST_FIELD = 10_000;
    private static final int BUFFER = 64 * 1024;
    private static final int TAR_BLOCKS = 1024; // a header and what fills up the last block
    private static final DateTimeFormatter PACKAGED = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC; ocpu'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** What R CMD build takes for remains of a build or an installation, beside its own earlier tarballs. */
    private static final String REMAINS = "(Meta|R-ex|chtml|help|html|latex|src-(i386|x64|x86_64|ppc))/.*|MD5|";

    private static final String EARLIER = "_[0-9.-]+\\.(tar\\.gz|tar|tar\\.bz2|tar\\.xz|tgz|zip)";

    /** Of DESCRIPTION, in the order of {@code tools::write_PACKAGES}. */
    private static final List<String> INDEXED = List.of(
            "Depends",
            "Imports",
            "LinkingTo",
            "Suggests",
            "Enhances",
            "License",
            "License_is_FOSS",
            "License_restricts_use",
            "OS_type");

    /** A source package in a build's directory. */
    record Kept(Path file, PackageSource about) {
        /** What is there under its name is replaced. */
        void moveTo(Path library) throws IOException {
            Files.move(file, library.resolve(about.file()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private final BuildRun run;
    private final Description description;
    private final Path top;
    private final Instant packed;
    private final Pattern remains;

    SourceArchive(BuildRun run, Description description) {
        this.run = run;
        this.description = description;
        this.top = run.packageDirectory();
        this.packed = run.build().times().queued().truncatedTo(ChronoUnit.SECONDS);
        this.remains = Pattern.compile(REMAINS + Pattern.quote(description.name()) + EARLIER);
    }

    /**
     * Empty, with the reason in the build's log, when there is more than is worth keeping.
     *
     * @throws BuildFailure when it cannot be written, or the build's time is over
     */
    Optional<Kept> call() {
        try {
            Map<String, String> fields = Description.fieldsOf(top);
            List<Path> files = files();
            Optional<String> objection = objection(files, fields);
            if (objection.isPresent()) {
                run.log().line(Stage.CHECKOUT, "no source package is kept: " + objection.get());
                return Optional.empty();
            }
            return Optional.of(write(files, fields));
        } catch (IOException e) {
            throw new BuildFailure("the source package could not be written: " + e.getMessage(), e);
        }
    }

    private Optional<String> objection(List<Path> files, Map<String, String> fields) throws IOException {
        if (files.isEmpty()) {
            return Optional.of("it has links that lead in a circle, or more than %d files".formatted(MOST_FILES));
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file) + TAR_BLOCKS;
        }
        if (bytes > LARGEST) {
            return Optional.of("its files have more than " + Words.size(LARGEST));
        }
        return INDEXED.stream()
                .filter(field -> fields.getOrDefault(field, "").length() > LONGEST_FIELD)
                .map(field -> "DESCRIPTION's field %s has more than %d characters".formatted(field, LONGEST_FIELD))
                .findFirst();
    }

    /** In a stable order; none when they have no end. Links can make many of few, so nothing is read before they are counted. */
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(top, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> found = all.limit(MOST_FILES + 1L).toList();
            return found.size() > MOST_FILES
                    ? List.of()
                    : found.stream()
                            .filter(Files::isRegularFile)
                            .filter(file -> !remains.matcher(name(file)).matches())
                            .sorted()
                            .toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof FileSystemLoopException) {
                return List.of();
            }
            throw e.getCause();
        }
    }

    private String name(Path file) {
        return top.relativize(file).toString();
    }

    private Kept write(List<Path> files, Map<String, String> fields) throws IOException {
        boolean compiled = files.stream().anyMatch(file -> name(file).startsWith("src/"));
        String name = description.name() + "_" + description.version() + ".tar.gz";
        Path archive = run.work().resolve(name);
        MessageDigest md5 = Md5.digest();
        try (OutputStream out = Files.newOutputStream(archive, StandardOpenOption.CREATE_NEW);
                OutputStream gzip = new GZIPOutputStream(new DigestOutputStream(out, md5), BUFFER);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            Patience patience = Patience.of(run);
            for (Path file : files) {
                patience.check();
                add(tar, file, compiled);
            }
        }
        String digest = Md5.hex(md5.digest());
        return new Kept(archive, new PackageSource(name, indexed(fields, digest, compiled)));
    }

    private void add(TarArchiveOutputStream tar, Path file, boolean compiled) throws IOException {
        String name = name(file);
        int mode = Files.isExecutable(file) ? 0755 : 0644;
        if (name.equals("DESCRIPTION")) {
            byte[] bytes = stamped(Files.readString(file, StandardCharsets.ISO_8859_1), compiled);
            add(tar, entry(name, bytes.length, mode), new ByteArrayInputStream(bytes));
            return;
        }
        try (InputStream content = Files.newInputStream(file)) {
            add(tar, entry(name, Files.size(file), mode), content);
        }
    }

    private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry, InputStream content) throws IOException {
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    private TarArchiveEntry entry(String name, long size, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(description.name() + "/" + name);
        entry.setSize(size);
        entry.setMode(0100000 | mode);
        entry.setModTime(Date.from(packed));
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }

    /** DESCRIPTION as one record, its bytes as Latin-1, with what R CMD build adds in place of what an earlier one did. */
    private byte[] stamped(String text, boolean compiled) {
        List<String> lines = new ArrayList<>();
        boolean replaced = false;
        for (String line : text.split("\r\n|\r|\n")) {
            boolean continued = line.startsWith(" ") || line.startsWith("\t");
            replaced = continued ? replaced : line.startsWith("Packaged:") || line.startsWith("NeedsCompilation:");
            if (!replaced && !line.isBlank()) {
                lines.add(line);
            }
        }
        lines.add("NeedsCompilation: " + yes(compiled));
        lines.add("Packaged: " + PACKAGED.format(packed));
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private Map<String, String> indexed(Map<String, String> fields, String digest, boolean compiled) {
        Map<String, String> indexed = new LinkedHashMap<>();
        indexed.put("Package", description.name());
        indexed.put("Version", description.version());
        for (String field : INDEXED) {
            String value = Text.line(Description.decoded(fields, field), LONGEST_FIELD);
            if (!value.isBlank()) {
                indexed.put(field, value);
            }
        }
        indexed.put("MD5sum", digest);
        indexed.put("NeedsCompilation", yes(compiled));
        return indexed;
    }

    private static String yes(boolean compiled) {
        return compiled ? "yes" : "no";
    }
}
