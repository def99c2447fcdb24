package org.ocpu.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ocpu.app.LoadCheck;
import org.ocpu.app.RSystem;

/**
 * Installs one package of a synced library: {@code R CMD INSTALL} of its file in the sandbox, a worker that loads it, and then it is
 * live. One use: {@link #call}.
 *
 * <p>It sees of the library only what it says that it needs.
 */
final class SyncInstaller {
    private final Means means;
    private final Workplace place;
    private final SyncPlan.Item item;
    private final InstallationLog log;
    private final Path own;
    private final Path needs;

    /** What all packages of a library share. */
    record Means(Sandbox sandbox, LoadChecker checker, RSystem r, LibrarySnapshots library) {}

    /** @param place whose directory is there for this alone */
    SyncInstaller(Means means, Workplace place, SyncPlan.Item item, InstallationLog log) {
        this.means = means;
        this.place = place;
        this.item = item;
        this.log = log;
        this.own = place.work().resolve("library");
        this.needs = place.work().resolve("needs");
    }

    /**
     * Installs the package.
     *
     * @param file with the package
     * @param needed of the same library, with what these need
     * @param checking told when it is installed and about to be loaded
     * @return what is to be put live
     * @throws BuildFailure with R's own words when that fails
     */
    InstalledPackage call(Path file, Collection<InstalledPackage> needed, Optional<String> sync, Runnable checking)
            throws IOException {
        Files.createDirectories(own);
        Files.createDirectories(needs);
        for (InstalledPackage one : needed) {
            Files.createSymbolicLink(needs.resolve(one.name()), means.library().directoryOf(one));
        }
        install(file);
        DependencyInstaller.requireAlone(item.name(), item.entry().version(), own);
        checking.run();
        check();
        return new InstalledPackage(
                item.name(),
                item.entry().version(),
                item.entry().md5(),
                id(),
                RVersion.series(means.r().version()),
                List.copyOf(item.needs()),
                sync,
                Instant.now());
    }

    /** Where {@link #call} has installed it. */
    Path library() {
        return own;
    }

    private void install(Path file) throws IOException {
        RErrors errors = new RErrors();
        SandboxedCommand command = new SandboxedCommand(
                Stage.INSTALL,
                RInstaller.command(own, file),
                Map.of("R_LIBS", RInstaller.path(own, List.of(needs))),
                List.of(file, needs, means.library().packagesDirectory()),
                List.of(own));
        SandboxedCommand.Outcome outcome = means.sandbox()
                .run(
                        place,
                        command,
                        line -> {
                            String plain = withoutPaths(line);
                            log.hear(plain);
                            errors.hear(plain);
                        },
                        note -> log.hear(withoutPaths(note)));
        if (!outcome.succeeded()) {
            throw new BuildFailure(outcome.reason(errors.reason(outcome.exit())));
        }
    }

    private void check() throws IOException {
        Files.createSymbolicLink(needs.resolve(item.name()), own.resolve(item.name()));
        LoadCheck check = means.checker().check(needs, item.name(), place.deadline(), place.stop());
        String output = withoutPaths(check.output()).strip();
        output.lines().forEach(log::hear);
        if (!check.loads()) {
            throw new BuildFailure("the package does not load: " + Text.shorten(output, 4_000));
        }
    }

    private String withoutPaths(String text) {
        return text.replace(own + "/", "")
                .replace(needs + "/", "")
                .replace(place.work() + "/", "")
                .replace(means.library().packagesDirectory() + "/", "");
    }

    private String id() {
        String digest = item.entry().md5().map(md5 -> md5.substring(0, 12)).orElse("unverified");
        return "%s-%s-R%s"
                .formatted(
                        item.entry().version(),
                        digest,
                        RVersion.series(means.r().version()));
    }
}
