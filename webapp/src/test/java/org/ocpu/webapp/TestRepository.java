package org.ocpu.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A CRAN-like repository of packages that install in no time, made by R itself. */
final class TestRepository {
    private final Path root;

    TestRepository(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("src/contrib"));
    }

    String address() {
        return "file://" + root;
    }

    /**
     * Adds a package.
     *
     * @param imports a package it needs; empty for none
     * @param code all of its R code, run when it is installed
     */
    TestRepository add(String name, String imports, String code) throws IOException {
        add(source(name, "1.0", imports.isEmpty() ? "" : "Imports: " + imports + "\n", code, Map.of()));
        return this;
    }

    /** Makes these directories of source packages what the repository has, beside what it has already. */
    void add(Path... sources) throws IOException {
        StringBuilder program = new StringBuilder("setwd('src/contrib')\n");
        for (Path source : sources) {
            program.append("unlink(Sys.glob('%s_*'))\n".formatted(source.getFileName()));
            program.append("stopifnot(system2('R', c('CMD', 'build', '--no-manual', '%s')) == 0)\n".formatted(source));
        }
        RProgram.run(root, program + "tools::write_PACKAGES(type = 'source')\n");
    }

    /**
     * Writes the source of a package, which exports all its functions.
     *
     * @param fields more of its DESCRIPTION, a line each
     * @param files more of them, by their paths in the package
     */
    Path source(String name, String version, String fields, String code, Map<String, String> files) throws IOException {
        Path source = root.resolve("source").resolve(name);
        write(
                source.resolve("DESCRIPTION"),
                "Package: %s\nTitle: Tiny\nVersion: %s\nLicense: MIT\nAuthor: Ada\nMaintainer: Ada <a@example.org>\n%s"
                        .formatted(name, version, fields));
        write(source.resolve("NAMESPACE"), "exportPattern(\".\")\n");
        write(source.resolve("R/code.R"), code);
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(source.resolve(file.getKey()), file.getValue());
        }
        return source;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Takes a package out of the repository. */
    TestRepository withdraw(String name) throws IOException {
        Files.delete(root.resolve("src/contrib/" + name + "_1.0.tar.gz"));
        RProgram.run(root, "setwd('src/contrib'); tools::write_PACKAGES(type = 'source')\n");
        return this;
    }
}
