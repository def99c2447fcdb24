package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ocpu.app.RSystem;

/**
 * A package as one file, a tar archive compressed with gzip, which has been looked through and is safe to unpack.
 *
 * @param fields of its DESCRIPTION, by name
 * @param built whether it is a built package, which R has only to unpack, rather than a source package
 * @param unfit why it is of no use to this R although it is built
 */
record SourceTarball(Map<String, String> fields, boolean built, Optional<String> unfit) {
    private static final String BUILT = "Built";

    SourceTarball {
        fields = Map.copyOf(fields);
    }

    /**
     * Looks through a package's file.
     *
     * @throws BuildFailure saying why it is not to be unpacked, or that it is another package than the index says
     */
    static SourceTarball read(Path file, IndexEntry entry, RSystem r) {
        Map<String, String> fields;
        try {
            fields = new TarballReader(entry.name(), TarballReader.Bounds.USUAL).read(file);
        } catch (IOException e) {
            throw new BuildFailure(
                    "%s: its file is damaged or no tar archive compressed with gzip: %s"
                            .formatted(entry, Text.line(Disk.reason(e), 200)),
                    e);
        }
        check(entry, fields);
        return of(fields, r);
    }

    private static void check(IndexEntry entry, Map<String, String> fields) {
        String is = fields.getOrDefault("Package", "") + " " + fields.getOrDefault("Version", "");
        if (!is.equals(entry.toString())) {
            throw new BuildFailure("%s: its file holds %s".formatted(entry, Text.line(is, 200)));
        }
    }

    private static SourceTarball of(Map<String, String> fields, RSystem r) {
        Optional<String> built = Optional.ofNullable(fields.get(BUILT));
        return new SourceTarball(fields, built.isPresent(), built.flatMap(text -> unfit(text, r)));
    }

    /** The field is {@code R 4.2.2; x86_64-pc-linux-gnu; 2024-01-01 12:00:00 UTC; unix}, without a platform where any will do. */
    private static Optional<String> unfit(String built, RSystem r) {
        String[] parts = built.split(";", -1);
        if (parts.length < 4 || !parts[0].strip().startsWith("R ")) {
            return Optional.of("it does not tell what it was built for: " + Text.line(built, 200));
        }
        String version = parts[0].strip().substring(2).strip();
        String platform = parts[1].strip();
        if (!RVersion.series(version).equals(RVersion.series(r.version()))) {
            return Optional.of(other("R " + version, "R " + r.version()));
        }
        if (!parts[3].strip().equals("unix")) {
            return Optional.of(other(parts[3].strip(), "unix"));
        }
        return platform.isEmpty() || platform.equals(r.platform())
                ? Optional.empty()
                : Optional.of(other(platform, r.platform()));
    }

    private static String other(String builtFor, String here) {
        return "it was built for %s, this is %s".formatted(Text.line(builtFor, 100), here);
    }
}
