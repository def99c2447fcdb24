package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code R CMD INSTALL} of the packages that an app needs, each in a sandbox of its own that can write to nothing but its own
 * source and library: what one package runs while it is installed cannot touch another one, which apps may share. One use: {@link
 * #call}.
 */
final class DependencyInstaller {
    private final BuildRun run;
    private final Sandbox sandbox;
    private final PackageCache cache;
    private final Path downloads;
    private final Map<String, Path> libraries = new LinkedHashMap<>();
    private int count;

    /** @param downloads where {@code NAME.tar.gz} are */
    DependencyInstaller(BuildRun run, Sandbox sandbox, PackageCache cache, Path downloads) {
        this.run = run;
        this.sandbox = sandbox;
        this.cache = cache;
        this.downloads = downloads;
    }

    /**
     * Installs what is not in the cache.
     *
     * @return a library for each package
     * @throws BuildFailure with R's own words when one cannot be installed
     */
    List<Path> call(List<DependencyPlan.Item> items) throws IOException {
        boolean grown = false;
        for (DependencyPlan.Item item : items) {
            var kept = cache.find(item.name(), item.id());
            if (kept.isPresent()) {
                run.log().line(Stage.DEPENDENCIES, item + ": from the cache");
                libraries.put(item.name(), kept.get());
            } else {
                libraries.put(item.name(), install(item));
                grown = true;
            }
        }
        if (grown) {
            cache.shrink();
        }
        return List.copyOf(libraries.values());
    }

    private Path install(DependencyPlan.Item item) throws IOException {
        count++;
        Path source = Files.createDirectories(run.work().resolve("dependency-" + count));
        Path library = Files.createDirectories(run.work().resolve("dependency-" + count + "-library"));
        Path code = source.resolve(item.remote().isPresent() ? item.name() : item.name() + ".tar.gz");
        Files.move(
                item.remote()
                        .map(RemoteSources.Source::directory)
                        .orElseGet(() -> downloads.resolve(item.name() + ".tar.gz")),
                code);
        run.log().line(Stage.DEPENDENCIES, item + ": installing from " + origin(item));
        List<Path> needs = item.needs().stream().map(libraries::get).toList();
        RErrors errors = new RErrors();
        SandboxedCommand.Outcome outcome = sandbox.run(
                run,
                new SandboxedCommand(
                        Stage.DEPENDENCIES,
                        List.of(
                                "R",
                                "CMD",
                                "INSTALL",
                                "--no-test-load",
                                "--no-lock",
                                "--no-staged-install",
                                "--no-html",
                                "--library=" + library,
                                code.toString()),
                        Map.of("R_LIBS", RInstaller.path(library, needs)),
                        needs,
                        List.of(source, library)),
                line -> {
                    String plain = RInstaller.withoutPaths(run, needs, line);
                    run.log().output(Stage.DEPENDENCIES, plain);
                    errors.hear(plain);
                });
        if (!outcome.succeeded()) {
            throw new BuildFailure(item + " could not be installed:\n" + outcome.reason(errors.reason(outcome.exit())));
        }
        requireAlone(item.name(), item.version(), library);
        Disk.delete(source);
        return cache.keep(item.name(), item.id(), library);
    }

    private static String origin(DependencyPlan.Item item) {
        return item.remote()
                .map(remote -> "%s/%s at %s"
                        .formatted(remote.entry().owner(), remote.entry().repo(), remote.commit()))
                .orElse(item.source());
    }

    /** Refuses a package that has installed another one, or another version of itself. */
    static void requireAlone(String name, String version, Path library) {
        List<Path> installed = new ArrayList<>(Disk.list(library));
        Path own = library.resolve(name);
        Map<String, String> fields =
                Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS) ? Description.fieldsOf(own) : Map.of();
        if (!installed.equals(List.of(own)) || !version.equals(fields.get("Version"))) {
            throw new BuildFailure(name + " " + version + " installed something else: "
                    + installed.stream()
                            .map(path -> Text.line(path.getFileName().toString(), 100))
                            .toList());
        }
    }
}
