package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

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
    private final RErrors errors = new RErrors();

    RInstaller(BuildRun run, Sandbox sandbox) {
        this.run = run;
        this.sandbox = sandbox;
    }

    /** @throws BuildFailure with R's own words when it fails */
    void call() {
        try {
            Files.createDirectories(run.library());
            SandboxedCommand.Outcome outcome = sandbox.run(run, command(), this::line);
            if (!outcome.succeeded()) {
                throw new BuildFailure(outcome.reason(errors.reason(outcome.exit())));
            }
        } catch (IOException e) {
            throw new BuildFailure("R CMD INSTALL could not be run: " + e.getMessage(), e);
        }
    }

    private SandboxedCommand command() {
        List<String> install = List.of(
                "R",
                "CMD",
                "INSTALL",
                "--no-test-load",
                "--no-lock",
                "--no-staged-install",
                "--html",
                "--library=" + run.library(),
                run.packageDirectory().toString());
        Map<String, String> environment = Map.of("R_LIBS", run.library().toString());
        return new SandboxedCommand(
                Stage.INSTALL, install, environment, List.of(), List.of(run.source(), run.library()));
    }

    private void line(String text) {
        String plain = run.withoutPaths(text);
        run.log().output(Stage.INSTALL, plain);
        errors.hear(plain);
    }
}
