package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final BuildRun run;
    private final Sandbox sandbox;
    private final Path data;
    private final RErrors errors = new RErrors();

    RInstaller(BuildRun run, Sandbox sandbox, Path data) {
        this.run = run;
        this.sandbox = sandbox;
        this.data = data;
    }

    /** @throws BuildFailure with R's own words when it fails */
    void call() {
        try {
            Files.createDirectories(run.library());
            Files.createDirectories(home());
            int exit = new ChildProcess(command(), run.deadline(), run.stop(), this::line).call();
            if (exit != 0) {
                throw new BuildFailure(errors.reason(exit));
            }
        } catch (IOException e) {
            throw new BuildFailure("R CMD INSTALL could not be run: " + e.getMessage(), e);
        }
    }

    private ProcessBuilder command() {
        ProcessBuilder command = new ProcessBuilder(sandbox.wrap(
                data,
                run.work(),
                List.of(
                        "R",
                        "CMD",
                        "INSTALL",
                        "--no-test-load",
                        "--no-lock",
                        "--no-staged-install",
                        "--html",
                        "--library=" + run.library(),
                        run.source().toString())));
        String path = System.getenv().getOrDefault("PATH", PATH);
        Map<String, String> environment = command.environment();
        environment.clear();
        environment.putAll(Map.of("PATH", path, "LANG", "C.UTF-8", "TZ", "UTC"));
        environment.putAll(Map.of("HOME", home().toString(), "TMPDIR", home().toString()));
        environment.put("R_LIBS", run.library().toString());
        return command.directory(run.work().toFile());
    }

    private Path home() {
        return run.work().resolve("home");
    }

    private void line(String text) {
        String plain = run.withoutPaths(text);
        run.log().output(Stage.INSTALL, plain);
        errors.hear(plain);
    }
}
