package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ocpu.app.RSystem;

/**
 * Has the packages that an app needs and the server lacks, for the app alone. One use: {@link #call}.
 *
 * <p>An app that needs nothing more costs no start of R. For any other R decides what is needed ({@code plan.R}), and all that
 * is missing fails the build at once. What is installed is kept in a cache, and comes into the app's library when the app's own
 * code, which could change it, has run.
 */
final class Dependencies {
    private final BuildRun run;
    private final Means means;
    private final Remotes remotes;

    /** What all builds of a server share. */
    record Means(BuilderConfig config, RSystem r, Sandbox sandbox, PackageCache cache) {}

    Dependencies(BuildRun run, Means means, Remotes remotes) {
        this.run = run;
        this.means = means;
        this.remotes = remotes;
    }

    /**
     * @return libraries with a package each, which only this build's length keeps from being removed
     * @throws BuildFailure naming everything that is missing
     */
    List<Path> call() {
        Map<String, String> description = Description.fieldsOf(run.packageDirectory());
        List<String> problems = new ArrayList<>(SystemRequirements.missing(description));
        if (serverHasAll(description)) {
            fail(problems);
            run.log().line(Stage.DEPENDENCIES, "this server has all that the package needs");
            return List.of();
        }
        try {
            return resolve(description, problems);
        } catch (IOException e) {
            throw new BuildFailure("the dependencies could not be resolved: " + e.getMessage(), e);
        }
    }

    private List<Path> resolve(Map<String, String> description, List<String> problems) throws IOException {
        RemoteSources.Found sources = new RemoteSources(run, remotes).call(description);
        DependencyScripts scripts = new DependencyScripts(
                run, means.sandbox(), means.r(), means.config().apps().repositories());
        DependencyPlan plan = scripts.plan(sources);
        plan.notes().forEach(note -> run.log().line(Stage.DEPENDENCIES, note));
        problems.addAll(sources.problems());
        problems.addAll(plan.problems());
        List<DependencyPlan.Item> missing = new ArrayList<>();
        for (DependencyPlan.Item item : plan.items()) {
            if (means.cache().find(item.name(), item.id()).isEmpty()) {
                missing.add(item);
            }
        }
        DependencyScripts.Downloaded downloaded = scripts.download(
                missing.stream().filter(item -> item.remote().isEmpty()).toList());
        problems.addAll(downloaded.problems());
        for (DependencyPlan.Item item : missing) {
            Map<String, String> fields = item.remote()
                    .map(RemoteSources.Source::fields)
                    .orElse(downloaded.descriptions().getOrDefault(item.name(), Map.of()));
            problems.addAll(SystemRequirements.missing(fields));
        }
        fail(problems);
        return new DependencyInstaller(run, means.sandbox(), means.cache(), downloaded.directory()).call(plan.items());
    }

    private static void fail(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new BuildFailure(String.join("\n", problems));
        }
    }

    /** Whether R can install the package with what the server has; when in doubt, R is asked. */
    private boolean serverHasAll(Map<String, String> description) {
        Optional<List<Requirement>> needs = Requirement.of(description);
        return description.getOrDefault("Remotes", "").isBlank()
                && needs.isPresent()
                && needs.get().stream().allMatch(this::isOnServer);
    }

    private boolean isOnServer(Requirement need) {
        if (need.name().equals("R")) {
            return need.isMetBy(means.r().version());
        }
        return means.r().libraries().stream()
                .map(library -> library.resolve(need.name()))
                .filter(directory -> Files.isRegularFile(directory.resolve("DESCRIPTION")))
                .findFirst()
                .map(directory -> Description.fieldsOf(directory).getOrDefault("Version", ""))
                .filter(need::isMetBy)
                .isPresent();
    }
}
