package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;

/** Writes R packages that build in no time, to be pushed. */
final class SmallPackage {
    private SmallPackage() {}

    /** @param code all of its R code */
    static Path write(Path directory, String version, String code) {
        try {
            Files.createDirectories(directory.resolve("R"));
            Files.writeString(
                    directory.resolve("DESCRIPTION"),
                    "Package: tinypkg\nTitle: Tiny\nVersion: " + version + "\nLicense: MIT\n");
            Files.writeString(directory.resolve("NAMESPACE"), "exportPattern(\".\")\n");
            Files.writeString(directory.resolve("R/code.R"), code);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same as a commit of Ada's in a git repository. */
    static Path commit(Path directory, String version, String code) throws GitAPIException {
        write(directory, version, code);
        try (Git git = Git.init()
                .setDirectory(directory.toFile())
                .setInitialBranch("main")
                .call()) {
            git.add().addFilepattern(".").call();
            git.commit()
                    .setAuthor("Ada", "ada@example.org")
                    .setCommitter("Ada", "ada@example.org")
                    .setMessage("Version " + version)
                    .setSign(false)
                    .call();
        }
        return directory;
    }
}
