package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ocpu.app.RSystem;

/**
 * The R of the stage {@code dependencies} that decides and downloads; nothing of an app runs in it, so what it writes can be relied
 * on.
 */
final class DependencyScripts {
    private final BuildRun run;
    private final Sandbox sandbox;
    private final RSystem r;
    private final List<String> repositories;

    /**
     * What was fetched.
     *
     * @param descriptions of the packages, by name
     */
    record Downloaded(Path directory, Map<String, Map<String, String>> descriptions, List<String> problems) {}

    DependencyScripts(BuildRun run, Sandbox sandbox, RSystem r, List<URI> repositories) {
        this.run = run;
        this.sandbox = sandbox;
        this.r = r;
        this.repositories = repositories.stream().map(URI::toString).toList();
    }

    DependencyPlan plan(RemoteSources.Found remotes) throws IOException {
        Path directory = Files.createDirectories(run.work().resolve("plan"));
        copyDescription(run.packageDirectory(), directory.resolve("app"));
        for (int i = 0; i < remotes.sources().size(); i++) {
            Path copy = directory.resolve("remotes").resolve(Integer.toString(i));
            copyDescription(remotes.sources().get(i).directory(), copy);
        }
        Files.write(directory.resolve("refused"), remotes.refused());
        run("plan.R", directory, repositories);
        return new DependencyPlan(
                DependencyPlan.items(Files.readAllLines(directory.resolve("packages")), remotes.sources()),
                Files.readAllLines(directory.resolve("problems")),
                Files.readAllLines(directory.resolve("notes")));
    }

    Downloaded download(List<DependencyPlan.Item> items) throws IOException {
        Path directory = Files.createDirectories(run.work().resolve("downloads"));
        if (items.isEmpty()) {
            return new Downloaded(directory, Map.of(), List.of());
        }
        List<String> wanted = items.stream()
                .map(item -> String.join("\t", item.name(), item.version(), item.source()))
                .toList();
        Files.write(directory.resolve("wanted"), wanted);
        run("download.R", directory, List.of());
        List<String> problems = Files.readAllLines(directory.resolve("problems"));
        Map<String, Map<String, String>> descriptions = items.stream()
                .filter(item -> Files.exists(directory.resolve(item.name()).resolve("DESCRIPTION")))
                .collect(Collectors.toMap(
                        DependencyPlan.Item::name, item -> Description.fieldsOf(directory.resolve(item.name()))));
        return new Downloaded(directory, descriptions, problems);
    }

    private void run(String script, Path directory, List<String> arguments) throws IOException {
        Path file = directory.resolve(script);
        try (InputStream resource = DependencyScripts.class.getResourceAsStream(script)) {
            Files.copy(resource, file);
        }
        List<String> command = new ArrayList<>(List.of("Rscript", "--vanilla", file.toString(), directory.toString()));
        command.addAll(arguments);
        String libraries = r.libraries().stream().map(Path::toString).collect(Collectors.joining(":"));
        RErrors errors = new RErrors();
        SandboxedCommand.Outcome outcome = sandbox.run(
                run,
                new SandboxedCommand(
                        Stage.DEPENDENCIES, command, Map.of("R_LIBS", libraries), onDisk(), List.of(directory)),
                line -> {
                    String plain = run.withoutPaths(line);
                    run.log().output(Stage.DEPENDENCIES, plain);
                    errors.hear(plain);
                });
        if (!outcome.succeeded()) {
            throw new BuildFailure(outcome.reason(errors.reason(outcome.exit())));
        }
    }

    /** The repositories that are directories of this machine. */
    private List<Path> onDisk() {
        return repositories.stream()
                .filter(repository -> repository.startsWith("file:"))
                .map(repository -> Path.of(URI.create(repository).getPath()))
                .filter(Files::isDirectory)
                .toList();
    }

    private static void copyDescription(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        // without the lines that R does not allow between fields
        try (Stream<String> lines = Files.lines(from.resolve("DESCRIPTION"), StandardCharsets.ISO_8859_1)) {
            Files.write(
                    to.resolve("DESCRIPTION"),
                    lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .toList(),
                    StandardCharsets.ISO_8859_1);
        }
    }
}
