package org.ocpu.webapp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.ocpu.app.HostedApp;

/**
 * {@code PACKAGES} of a CRAN-like repository, as {@code tools::write_PACKAGES} writes it. Packages of the same name are told apart by
 * their {@code Path}, which R puts between the index's address and the file's name.
 *
 * @param apps that have a source package
 * @param path where an app's is, below the index
 */
record PackageIndex(List<HostedApp> apps, Function<HostedApp, String> path) {

    byte[] text() {
        return apps.stream().map(this::entry).collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
    }

    private String entry(HostedApp app) {
        StringBuilder entry = new StringBuilder();
        app.source().orElseThrow().fields().forEach((name, value) -> field(entry, name, value));
        field(entry, "Path", path.apply(app));
        return entry.toString();
    }

    private static void field(StringBuilder entry, String name, String value) {
        entry.append(name).append(": ").append(value).append('\n');
    }

    /** {@code PACKAGES.gz}. */
    byte[] compressed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
