package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code R CMD INSTALL} of a build's source into its staging library, in the sandbox, with its output in the build's log.
 * One use: {@link #call}, on a thread that lives as long as the installation.
 *
 * <p>R neither locks nor stages, since nobody else sees the library, and does not test whether the package loads, since a
 * worker does.
 */
final class RInstaller {
    private final BuildRun run;
    private final Sandbox sandbox;
    private final List<Path> dependencies;
    private final RErrors errors = new RErrors();

    /** @param dependencies libraries of the packages it needs beside the server's, which get into its library when it is installed */
    RInstaller(BuildRun run, Sandbox sandbox, List<Path> dependencies) {
        this.run = run;
        this.sandbox = sandbox;
        this.dependencies = dependencies;
    }

    /** @throws BuildFailure with R's own words when it fails */
    void call() {
        try {
            Files.createDirectories(run.library());
            SandboxedCommand.Outcome outcome = sandbox.run(run, command(), this::line);
            if (!outcome.succeeded()) {
                throw new BuildFailure(outcome.reason(errors.reason(outcome.exit())));
            }
            addDependencies();
        } catch (IOException e) {
            throw new BuildFailure("R CMD INSTALL could not be run: " + e.getMessage(), e);
        }
    }

    /** Only now, since they are files that other apps have, too, and the installation could write to the library. */
    private void addDependencies() throws IOException {
        for (Path dependency : dependencies) {
            try {
                PackageCache.put(dependency, run.library());
            } catch (FileAlreadyExistsException e) {
                throw new BuildFailure(
                        "the package installed one of its dependencies by itself: "
                                + run.library().relativize(Path.of(e.getFile())),
                        e);
            }
        }
    }

    /** What R searches for packages before the server's. */
    static String path(Path library, List<Path> more) {
        return Stream.concat(Stream.of(library), more.stream())
                .map(Path::toString)
                .collect(Collectors.joining(":"));
    }

    /** The text without paths of this server, also of these libraries. */
    static String withoutPaths(BuildRun run, List<Path> libraries, String text) {
        String plain = run.withoutPaths(text);
        for (Path library : libraries) {
            plain = plain.replace(library + "/", "");
        }
        return plain;
    }

    /** The command that installs a package with its manual, a directory or a file, into a library that nobody else sees. */
    static List<String> command(Path library, Path source) {
        return List.of(
                "R",
                "CMD",
                "INSTALL",
                "--no-test-load",
                "--no-lock",
                "--no-staged-install",
                "--html",
                "--library=" + library,
                source.toString());
    }

    private SandboxedCommand command() {
        List<String> install = command(run.library(), run.packageDirectory());
        Map<String, String> environment = Map.of("R_LIBS", path(run.library(), dependencies));
        return new SandboxedCommand(
                Stage.INSTALL, install, environment, dependencies, List.of(run.source(), run.library()));
    }

    private void line(String text) {
        String plain = withoutPaths(run, dependencies, text);
        run.log().output(Stage.INSTALL, plain);
        errors.hear(plain);
    }
}
