package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A repository of R packages over HTTP, made by R itself, and at {@link #binaries} one of the same built for this R. To make it
 * misbehave, and to see what was asked of it, there is {@link #web}.
 */
final class CranServer implements AutoCloseable {
    private final Path root;
    private final Path sources;
    private final Path built;
    private final FileServer web;

    CranServer(Path root) throws IOException {
        this.root = root;
        this.sources = Files.createDirectories(root.resolve("src/contrib"));
        this.built = Files.createDirectories(root.resolve("binaries/src/contrib"));
        web = new FileServer(root);
        index(sources);
    }

    URI url() {
        return web.url();
    }

    /** Where the repository of built packages is. */
    URI binaries() {
        return URI.create(url() + "/binaries");
    }

    FileServer web() {
        return web;
    }

    /** The path of a package's file for {@link #web}. */
    static String path(String name, String version) {
        return "/src/contrib/%s_%s.tar.gz".formatted(name, version);
    }

    /** The file that is served at a path. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** Adds a package; an older version of it goes to the archive, as on CRAN. */
    void add(String name, Map<String, String> files) throws IOException {
        Path source = write(files);
        if (!source.endsWith(name)) {
            throw new IllegalArgumentException(name + " is called otherwise in its DESCRIPTION");
        }
        build(List.of(source));
    }

    /** Adds packages with one start of R for all. */
    void addAll(List<Map<String, String>> packages) throws IOException {
        List<Path> directories = new ArrayList<>();
        for (Map<String, String> files : packages) {
            directories.add(write(files));
        }
        build(directories);
    }

    private void build(List<Path> directories) throws IOException {
        for (Path source : directories) {
            archive(source.getFileName().toString());
        }
        List<String> command = new ArrayList<>(List.of("R", "CMD", "build", "--no-manual", "--no-build-vignettes"));
        directories.forEach(source -> command.add(source.toString()));
        run(sources, command);
        index(sources);
    }

    /** Adds a package that R cannot build, for want of what it needs. */
    void addUnbuilt(String name, Map<String, String> files) throws IOException {
        String version = files.get("DESCRIPTION").replaceFirst("(?s).*Version: (\\S+).*", "$1");
        Path source = write(files);
        archive(name);
        run(
                sources,
                List.of(
                        "tar",
                        "czf",
                        "%s_%s.tar.gz".formatted(name, version),
                        "-C",
                        source.getParent().toString(),
                        name));
        index(sources);
    }

    /**
     * Adds packages as this R has built them to the repository of those, whose files are called as those of source packages.
     *
     * @param packages each after those of them that it needs
     */
    void addBuilt(List<Map<String, String>> packages) throws IOException {
        Path library = Files.createDirectories(root.resolve("unbuilt/library"));
        List<String> command =
                new ArrayList<>(List.of("R", "CMD", "INSTALL", "--build", "--no-lock", "-l", library.toString()));
        for (Map<String, String> files : packages) {
            command.add(write(files).toString());
        }
        run(built, command);
        for (Path file : Disk.list(built)) {
            String name = file.getFileName().toString().replaceFirst("_R_.*", ".tar.gz");
            Files.move(file, built.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        index(built);
    }

    /** Says of a built package that another R has built it. */
    void rebuiltFor(String name, String version, String r) throws IOException {
        String file = "%s_%s.tar.gz".formatted(name, version);
        run(
                built,
                List.of(
                        "sh",
                        "-c",
                        "tar xzf $0 && sed -i 's/^Built: R [^;]*/Built: R '$2'/' $1/DESCRIPTION && tar czf $0 $1 && rm -r $1",
                        file,
                        name,
                        r));
        index(built);
    }

    /** Adds a file as it is, which may be anything. */
    void addFile(String name, String version, byte[] content) throws IOException {
        archive(name);
        Files.write(sources.resolve("%s_%s.tar.gz".formatted(name, version)), content);
        index(sources);
    }

    /** Takes packages out of the index; their files go to the archive, as on CRAN. */
    void withdraw(String... names) throws IOException {
        for (String name : names) {
            archive(name);
        }
        index(sources);
    }

    private void archive(String name) throws IOException {
        Path archive = sources.resolve("Archive").resolve(name);
        for (Path old : Disk.list(sources)) {
            if (old.getFileName().toString().startsWith(name + "_")) {
                Files.createDirectories(archive);
                Files.move(old, archive.resolve(old.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The directory of a source package, called like the package. */
    private Path write(Map<String, String> files) throws IOException {
        String name = files.get("DESCRIPTION").replaceFirst("(?s).*Package: (\\S+).*", "$1");
        Path source = root.resolve("unbuilt").resolve(name);
        Disk.delete(source);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = source.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return source;
    }

    private static void run(Path directory, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
    }

    private static void index(Path packages) throws IOException {
        Rscript.run("tools::write_PACKAGES('%s', type = 'source')".formatted(packages));
    }

    @Override
    public void close() {
        web.close();
    }
}
